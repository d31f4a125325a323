using System.Buffers;
using System.Text;
using AccountGrains.Core.States;

namespace AccountGrains.Silo.Accounts;

/// <summary>What an account takes along when it moves to another silo.</summary>
/// <param name="State">Its state, as it is stored.</param>
/// <param name="Name">Its name.</param>
/// <param name="StoredDecision">The number of the last decision that its stored state has.</param>
/// <param name="IsRecorded">True when the record of the decision in force is stored.</param>
/// <param name="IsUnknown">True when the state is what it did since it was loaded, and what is stored could not be read yet.</param>
internal sealed record AccountLuggage(byte[] State, string Name, int StoredDecision, bool IsRecorded, bool IsUnknown)
{
    private const string Key = "account";
    private const byte Schema = 1;

    /// <summary>Packs it.</summary>
    public void Pack(IDehydrationContext context)
    {
        var writer = new StateWriter(State.Length + 64);
        writer.Byte(Schema);
        writer.Block(State);
        writer.Block(Encoding.UTF8.GetBytes(Name));
        writer.Int32(StoredDecision);
        writer.Bool(IsRecorded);
        writer.Bool(IsUnknown);
        context.AddBytes(Key, writer.ToArray());
    }

    /// <summary>Unpacks it; null when there is none, or none that can be read: then the account starts from what is stored.</summary>
    public static AccountLuggage? Unpack(IRehydrationContext context)
    {
        if (!context.TryGetBytes(Key, out var bytes)) return null;
        var reader = new StateReader(bytes.ToArray());
        if (reader.Byte() != Schema) return null;
        return new AccountLuggage(reader.Block().ToArray(), Encoding.UTF8.GetString(reader.Block()), reader.Int32(), reader.Bool(), reader.Bool());
    }
}
