using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>From how many places and clients an account was seen, as estimates.</summary>
public struct SeenFrom
{
    /// <summary>Bytes stored.</summary>
    public const int StoredSize = 3 * DistinctCounter.StoredSize;

    private DistinctCounter _addresses;
    private DistinctCounter _networks;
    private DistinctCounter _clients;

    /// <summary>The number of addresses.</summary>
    public readonly double Addresses => _addresses.Count;

    /// <summary>The number of networks: autonomous systems, or prefixes where the system is not known.</summary>
    public readonly double Networks => _networks.Count;

    /// <summary>The number of clients: pairs of TLS fingerprint and user agent.</summary>
    public readonly double Clients => _clients.Count;

    internal void Add(in AccountInput input)
    {
        _addresses.Add((ulong)input.Ip);
        _networks.Add(input.Asn != UInt128.Zero ? (ulong)input.Asn : (ulong)input.Prefix);
        if (input.Ja4 == UInt128.Zero && input.UserAgent == UInt128.Zero) return;
        _clients.Add(Mixing.Join((ulong)input.Ja4, (ulong)input.UserAgent));
    }

    internal void Merge(in SeenFrom other)
    {
        _addresses.Merge(other._addresses);
        _networks.Merge(other._networks);
        _clients.Merge(other._clients);
    }

    internal readonly void Write(StateWriter writer)
    {
        _addresses.Write(writer);
        _networks.Write(writer);
        _clients.Write(writer);
    }

    internal static SeenFrom Read(ref StateReader reader) => new()
    {
        _addresses = DistinctCounter.Read(ref reader),
        _networks = DistinctCounter.Read(ref reader),
        _clients = DistinctCounter.Read(ref reader),
    };
}
