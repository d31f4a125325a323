using System.Globalization;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using Azure.Data.Tables;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>
/// The rows of the decisions, all in one partition, so that one transaction can change them together: the head with the last sequence number; for each
/// decision <c>s-…</c>, by sequence number, and <c>i-…</c>, by account and number, newest first; for each account <c>l-…</c>, its last decision.
/// </summary>
internal static class DecisionRows
{
    /// <summary>The row of the last sequence number.</summary>
    public const string Head = "head";

    /// <summary>The column of a sequence number.</summary>
    public const string Sequence = "Sequence";

    /// <summary>The column of a decision's number.</summary>
    public const string Number = "Number";

    /// <summary>The column of a decision's stored form.</summary>
    public const string Payload = "Payload";

    /// <summary>Into how many ranges the last decisions are split, to be read side by side.</summary>
    public const int LatestRanges = 16;

    /// <summary>The key of a sequence number's row.</summary>
    public static string OfSequence(long sequence) => string.Create(CultureInfo.InvariantCulture, $"s-{sequence:d19}");

    /// <summary>The sequence number of such a key.</summary>
    public static long SequenceOf(string rowKey) => long.Parse(rowKey.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>What the keys of an account's decisions begin with.</summary>
    public static string OfAccount(AccountId account) => $"i-{account}-";

    /// <summary>The key of the row that finds a decision by its account and number.</summary>
    public static string OfNumber(AccountId account, int number) => string.Create(CultureInfo.InvariantCulture, $"{OfAccount(account)}{int.MaxValue - number:d10}");

    /// <summary>What the keys of a range of last decisions begin with.</summary>
    public static string OfRange(int range) => string.Create(CultureInfo.InvariantCulture, $"l-{range:x}-");

    /// <summary>The key of an account's last decision.</summary>
    public static string OfLatest(AccountId account) => $"{OfRange((int)(account.Value % LatestRanges))}{account}";

    /// <summary>The changes that add a decision.</summary>
    public static IEnumerable<TableTransactionAction> Added(string partition, Decision decision, long sequence)
    {
        yield return Add(new TableEntity(partition, OfSequence(sequence)) { [Payload] = DecisionCodec.Write(decision) });
        yield return Add(new TableEntity(partition, OfNumber(decision.Account, decision.Number)) { [Sequence] = sequence });
    }

    /// <summary>The change that makes a decision its account's last.</summary>
    public static TableTransactionAction Last(string partition, Decision decision) => new(
        TableTransactionActionType.UpsertReplace,
        new TableEntity(partition, OfLatest(decision.Account)) { [Number] = decision.Number, [Payload] = DecisionCodec.Write(decision) });

    /// <summary>The change of the head; it fails when somebody changed it meanwhile.</summary>
    public static TableTransactionAction HeadAt(string partition, long sequence, TableEntity? before)
    {
        var head = new TableEntity(partition, Head) { [Sequence] = sequence };
        return before is null ? Add(head) : new TableTransactionAction(TableTransactionActionType.UpdateReplace, head, before.ETag);
    }

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);
}
