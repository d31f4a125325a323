using System.Globalization;
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

    [Fact]
    public void TryValue_OfAValueNeverSeen_AllocatesNothing()
    {
        var keys = new KeyRing(new byte[32], cachedValues: 1);
        var number = 0;
        var domain = "Mail-0000.Example.org."u8.ToArray();
        var address = "2001:db8:0:0000::1"u8.ToArray();

        var allocated = AllocatedBy(() =>
        {
            number++;
            number.TryFormat(domain.AsSpan(5, 4), out _, "d4", CultureInfo.InvariantCulture);
            number.TryFormat(address.AsSpan(11, 4), out _, "x4", CultureInfo.InvariantCulture);
            return keys.TryValue(FingerprintKind.Email, domain, out var email, out _) && email != 0
                && keys.TryValue(FingerprintKind.Ip, address, out _, out _)
                && keys.TryValue(FingerprintKind.Device, domain, out _, out _);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void TryRead_OfAnAccountNeverSeen_AllocatesNothing()
    {
        var keys = TestDoor.Keys(cachedValues: 1);
        var context = new DoorContext(keys, new LabelCache(keys), TestDoor.Now, IsReplay: false);
        var json = Encoding.UTF8.GetBytes(TestDoor.With("account", $"\"{new string('a', AccountName.MostInPlace - 4)}0000\""));
        var at = json.AsSpan().IndexOf("0000\""u8);
        var number = 0;

        var allocated = AllocatedBy(() =>
        {
            number++;
            number.TryFormat(json.AsSpan(at, 4), out _, "d4", CultureInfo.InvariantCulture);
            return ObservationReader.TryRead(json, context, out var input, out _) && !input.Name.IsEmpty;
        });

        Assert.Equal(0, allocated);
    }

    private static long AllocatedBy(Func<bool> act)
    {
        Assert.True(act());
        return Allocation.Of(() => act());
    }
}
