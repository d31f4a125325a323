using System.Text;
using AccountGrains.Core.Door;
using CsCheck;

namespace AccountGrains.Core.Tests.Door;

public sealed class ObservationReaderFuzzTests
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(TestDoor.Good);
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", ":", ",", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "null", "true", "-1", "1e999", "0.5", "\"account\":", "\"type\":", "\"signals\":{",
        "\"presented\":[", "\"prompt\":\"", "\"sketch\":\"", "\"time\":\"", "\0", "\u200B", "😀", "\"\\ud83d\\ude00\"", "99999999999999999999",
    ];

    [Fact]
    public void TryRead_OfMutatedObservations_NeverThrows()
    {
        var context = TestDoor.Context();
        var edit = Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 3], Gen.Byte, Gen.Int[0, Pieces.Length - 1]);

        edit.Array[1, 6].Sample(
            edits =>
            {
                var json = Good.ToList();
                foreach (var (at, what, value, piece) in edits) Apply(json, at % Math.Max(1, json.Count), what, value, piece);

                var isRead = ObservationReader.TryRead(json.ToArray(), context, out var input, out var error);

                return isRead ? !input.Name.IsEmpty && error == default : error is { Field.Length: > 0, Rule.Length: > 0 };
            },
            seed: "0000KhXbBl80",
            iter: 20_000);
    }

    [Fact]
    public void TryRead_OfRandomPieces_NeverThrows()
    {
        var context = TestDoor.Context();

        Gen.Int[0, Pieces.Length - 1].Array[0, 40].Sample(
            pieces =>
            {
                var json = "{" + string.Concat(pieces.Select(piece => Pieces[piece])) + "}";

                ObservationReader.TryRead(Encoding.UTF8.GetBytes(json), context, out _, out var error);

                return error.Field != "" && !(error.Rule ?? "").Contains("9999", StringComparison.Ordinal);
            },
            seed: "0000KhXbBl80",
            iter: 20_000);
    }

    [Fact]
    public void TryRead_OfRandomBytes_NeverThrows()
    {
        var context = TestDoor.Context();

        Gen.Byte.Array[0, 300].Sample(json => !ObservationReader.TryRead(json, context, out _, out _), seed: "0000KhXbBl80", iter: 5_000);
    }

    private static void Apply(List<byte> json, int at, int what, byte value, int piece)
    {
        if (json.Count == 0 || what == 0)
        {
            json.InsertRange(Math.Min(at, json.Count), Encoding.UTF8.GetBytes(Pieces[piece]));
            return;
        }

        if (what == 1) json[at] = value;
        if (what == 2) json.RemoveRange(at, Math.Min(value % 20, json.Count - at));
        if (what == 3) json.InsertRange(at, json.GetRange(at, Math.Min(value, json.Count - at)));
    }
}
