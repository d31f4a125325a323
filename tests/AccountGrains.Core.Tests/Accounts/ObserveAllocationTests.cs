using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Accounts;

public sealed class ObserveAllocationTests
{
    [Fact]
    public void Observe_OfWhatTheAccountShowedBefore_AllocatesNothing()
    {
        var snapshot = Snapshot.Empty(Policy.Default);
        var input = new Traffic(1).People(1, 4).Inputs.First(i => i.Type == ObservationType.Request && !i.Sketch.IsEmpty);
        var state = new AccountState(input.Account);
        var time = input.Time;
        ulong request = 1;

        var allocated = Allocation.Of(() => AccountRules.Observe(state, input with { Time = time += 1_000, Request = request += 2 }, snapshot));

        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("Please write a short summary of the report that follows, with its three main points and what is missing in it.")]
    [InlineData("请用三句话总结下面的报告，说明它的主要观点，并指出其中缺少什么内容，然后给出改进的建议。")]
    [InlineData("Résumé: «une très longue citation qui compte pour un seul mot, parce qu'elle est une charge utile», puis https://example.com/a?b=c et du code.")]
    public void Sketch_OfAPrompt_AllocatesNothing(string prompt)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(prompt, 20)));
        var key = new SipKey(1, 2);

        var allocated = Allocation.Of(() => PromptSketcher.Sketch(utf8, key));

        Assert.Equal(0, allocated);
    }
}
