using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;

namespace AccountGrains.Silo.Accounts;

/// <summary>References to accounts. By the type of the interface alone the factory would read its attributes anew for each call.</summary>
internal static class AccountReferences
{
    private static readonly GrainType Type = GrainType.Create("account");
    private static readonly GrainInterfaceType Interface = GrainInterfaceType.Create("account");

    /// <summary>An account.</summary>
    public static IAccountGrain Account(this IGrainFactory grains, AccountId id) => grains.Account(GrainId.Create(Type, new IdSpan(id.ToUtf8())));

    /// <summary>The account of a grain's id.</summary>
    public static IAccountGrain Account(this IGrainFactory grains, GrainId id) => (IAccountGrain)grains.GetGrain(id, Interface);
}
