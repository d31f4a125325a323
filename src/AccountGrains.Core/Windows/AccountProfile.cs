using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>What was declared of an account: the latest plan and organization, and when it was opened.</summary>
internal struct AccountProfile
{
    /// <summary>Bytes stored.</summary>
    public const int StoredSize = ShortTime.StoredSize + PlanBytes + 8;

    private const int PlanBytes = 12;

    public long SignupAt;
    public ShortLabel Plan;
    public ulong Organization;

    /// <summary>What stands for the plan where accounts are compared, 0 for none.</summary>
    public readonly uint PlanMark
    {
        get
        {
            if (Plan.IsEmpty) return 0;
            var hash = 0UL;
            foreach (var letter in (ReadOnlySpan<byte>)Plan) hash = Mixing.Join(hash, letter);
            return (uint)hash | 1;
        }
    }

    /// <summary>Takes what an observation declares; a late one fills only what is not known.</summary>
    public void Take(in AccountInput input, bool isLate)
    {
        if (input.Type == ObservationType.Signup) SignupAt = EarlierOf(SignupAt, input.Time);
        if (!string.IsNullOrEmpty(input.Plan) && (!isLate || Plan.IsEmpty)) Plan = new ShortLabel(input.Plan, PlanBytes);
        if (input.Organization != 0 && (!isLate || Organization == 0)) Organization = input.Organization;
    }

    /// <summary>Takes what another copy knows; the one with the later last event is right about what both know.</summary>
    public void Merge(in AccountProfile other, bool isLater)
    {
        SignupAt = EarlierOf(SignupAt, other.SignupAt);
        if (!other.Plan.IsEmpty && (isLater || Plan.IsEmpty)) Plan = other.Plan;
        if (other.Organization != 0 && (isLater || Organization == 0)) Organization = other.Organization;
    }

    public readonly void Write(StateWriter writer)
    {
        ShortTime.Write(writer, SignupAt);
        Plan.Write(writer, PlanBytes);
        writer.UInt64(Organization);
    }

    public static AccountProfile Read(ref StateReader reader) => new()
    {
        SignupAt = ShortTime.Read(ref reader),
        Plan = ShortLabel.Read(ref reader, PlanBytes),
        Organization = reader.UInt64(),
    };

    /// <summary>The earlier of two times, of which 0 is none.</summary>
    public static long EarlierOf(long left, long right) => left == 0 ? right : right == 0 ? left : Math.Min(left, right);
}
