using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class DoorAllocationTests
{
    [Fact]
    public void TryRead_OfAWarmObservation_AllocatesNothing()
    {
        var context = TestDoor.Context();
        var good = TestDoor.Good.Replace("\"presented\":[\"turn_1\",\"turn_2\"],\"issued\":[\"turn_3\"]", "\"presented\":[]", StringComparison.Ordinal);
        var json = Encoding.UTF8.GetBytes(good.Replace("Read the", "Read\\nthe", StringComparison.Ordinal));

        var allocated = AllocatedBy(() => ObservationReader.TryRead(json, context, out _, out _));

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void TryValue_OfAWarmValue_AllocatesNothing()
    {
        var keys = TestDoor.Keys();

        var allocated = AllocatedBy(() =>
            keys.TryValue(FingerprintKind.Ip, "13.90.0.152"u8, out _, out _)
            && keys.TryValue(FingerprintKind.Email, "gmail.com"u8, out _, out _)
            && keys.Account("acct_1"u8, out _).Value != 0);

        Assert.Equal(0, allocated);
    }

    private static long AllocatedBy(Func<bool> act)
    {
        Assert.True(act());
        return Allocation.Of(() => act());
    }
}
