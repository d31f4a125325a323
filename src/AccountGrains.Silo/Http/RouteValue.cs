namespace AccountGrains.Silo.Http;

/// <summary>The values of routes.</summary>
internal static class RouteValue
{
    /// <summary>Takes the one escape away that the server leaves in a path: that of the slash.</summary>
    public static string Decode(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
