using AccountGrains.Core.Door;

namespace AccountGrains.Core.Accounts;

/// <summary>What one observation did to an account's trail.</summary>
/// <param name="BeganToHop">Its last addresses are from three networks now, and were not before.</param>
/// <param name="Repeats">The prompt's head came before.</param>
/// <param name="BeganToRepeat">It came again for the first time.</param>
internal readonly record struct Steps(bool BeganToHop, bool Repeats, bool BeganToRepeat)
{
    public static Steps Take(AccountState state, in AccountInput input)
    {
        if (input.Type is not (ObservationType.Request or ObservationType.Signup)) return default;
        if (input.Type == ObservationType.Request) state.Moments.Take(input.Time);
        var hopped = state.Trail.Hops;
        state.Trail.TakeAddress(input);
        var again = false;
        var repeats = input.Type == ObservationType.Request && state.Trail.TakeHead(input.Sketch[0], out again);
        return new Steps(!hopped && state.Trail.Hops, repeats, again);
    }
}
