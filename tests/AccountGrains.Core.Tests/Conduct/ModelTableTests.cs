using AccountGrains.Core.Conduct;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Conduct;

public sealed class ModelTableTests
{
    private const long Day = 24 * Traffic.Hour;

    [Fact]
    public void NewAt_OfAModelThatManyUse_IsNewForAWeek()
    {
        var table = Of(("old", 0, 20), ("new", 4, 20), ("rare", 4, 3), ("early", 2, 20));

        Assert.Equal([new NewModel(ModelTable.MarkOf("new"), Traffic.Start + (4 * Day))], table.NewAt(Traffic.Start + (5 * Day)));
        Assert.Empty(table.NewAt(Traffic.Start + (12 * Day)));
    }

    [Fact]
    public void Merge_InAnyOrderAndTwice_KnowsTheSame()
    {
        var (one, other) = (Of(("old", 0, 20), ("new", 5, 5)), Of(("new", 4, 20)));

        one.Merge(other);
        other.Merge(one);
        other.Merge(one);

        Assert.Equal(BytesOf(one), BytesOf(other));
        var reader = new StateReader(BytesOf(one));
        Assert.Equal(BytesOf(one), BytesOf(ModelTable.Read(ref reader)));
        Assert.Equal(Traffic.Start + (4 * Day), Assert.Single(one.NewAt(Traffic.Start + (5 * Day))).Since);
    }

    [Fact]
    public void Note_OfMoreNamesThanAreKept_KeepsTheModelsThatManyUse()
    {
        var table = Of(("old", 0, 20), ("new", 4, 20));

        for (var i = 0; i < 1_000; i++) table.Note($"made-up-{i}", Traffic.AccountOf("one"), Traffic.Start + (4 * Day) + i);

        Assert.Single(table.NewAt(Traffic.Start + (5 * Day)));
        Assert.True(BytesOf(table).Length < 4_096);
    }

    private static ModelTable Of(params (string Model, int Day, int Accounts)[] models)
    {
        var table = new ModelTable();
        foreach (var (model, day, accounts) in models)
        {
            for (var i = 0; i < accounts; i++) table.Note(model, Traffic.AccountOf($"{model}-{i}"), Traffic.Start + (day * Day) + i);
        }

        for (var i = 0; i < models.Length; i++) table.Note(models[i].Model, Traffic.AccountOf($"{models[i].Model}-0"), Traffic.Start + (models[i].Day * Day));
        return table;
    }

    private static byte[] BytesOf(ModelTable table)
    {
        var writer = new StateWriter();
        table.Write(writer);
        return writer.ToArray();
    }
}
