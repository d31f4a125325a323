namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Where silos keep their states, and find each other.</summary>
/// <param name="Provider">The provider of both.</param>
/// <param name="Connections">How to reach it.</param>
internal sealed record ClusterStore(string Provider, params IReadOnlyList<string> Connections)
{
    public IEnumerable<(string Key, string Value)> Settings => [("Cluster:Provider", Provider), ("Storage:Provider", Provider), .. Connections.Select((connection, i) => ($"Storage:ConnectionStrings:{i}", connection))];
}
