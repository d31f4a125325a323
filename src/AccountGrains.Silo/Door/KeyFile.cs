using System.Security.Cryptography;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Door;

/// <summary>The secret of the keyed ids: configured, or generated once into the data directory.</summary>
internal static class KeyFile
{
    private const string Setting = $"{TrackerOptions.Section}:Keys:Current";
    private const int MinBytes = 16;
    private const int GeneratedBytes = 32;

    /// <summary>The file that a generated secret is kept in.</summary>
    public static string PathIn(string dataDirectory) => Path.GetFullPath(Path.Combine(dataDirectory, "key"));

    /// <summary>The secret; a silo that keeps nothing and has none gets one of its own.</summary>
    public static byte[] Secret(KeyOptions keys, StorageOptions storage)
    {
        if (!string.IsNullOrEmpty(keys.Current)) return Decode(keys.Current, Setting);
        var path = PathIn(storage.DataDirectory);
        if (File.Exists(path)) return Decode(File.ReadAllText(path).Trim(), path);
        return storage.IsVolatile ? RandomNumberGenerator.GetBytes(GeneratedBytes) : Generate(path);
    }

    private static byte[] Decode(string base64, string where)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length >= MinBytes
            ? bytes[..length]
            : throw new StartRefusedException($"{where} must hold at least {MinBytes} bytes in Base64.");
    }

    private static byte[] Generate(string path)
    {
        var secret = RandomNumberGenerator.GetBytes(GeneratedBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(Convert.ToBase64String(secret));
        return secret;
    }
}
