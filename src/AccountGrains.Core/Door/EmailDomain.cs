using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace AccountGrains.Core.Door;

/// <summary>The domain of an e-mail address in its one form: lower case, ASCII, without a dot at its end.</summary>
internal static class EmailDomain
{
    private static readonly FrozenSet<string> FreeMail = FrozenSet.Create(
        StringComparer.Ordinal,
        "gmail.com", "googlemail.com", "outlook.com", "outlook.de", "outlook.fr", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de",
        "hotmail.it", "hotmail.es", "live.com", "live.co.uk", "live.fr", "msn.com", "yahoo.com", "yahoo.co.uk", "yahoo.co.jp", "yahoo.co.in",
        "yahoo.in", "yahoo.fr", "yahoo.de", "yahoo.com.br", "yahoo.es", "yahoo.it", "ymail.com", "rocketmail.com", "aol.com", "icloud.com",
        "me.com", "mac.com", "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "aliyun.com",
        "139.com", "189.cn", "proton.me", "protonmail.com", "protonmail.ch", "pm.me", "tutanota.com", "tuta.io", "mail.ru", "inbox.ru",
        "list.ru", "bk.ru", "yandex.ru", "yandex.com", "ya.ru", "rambler.ru", "ukr.net", "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch",
        "web.de", "t-online.de", "freenet.de", "mail.com", "orange.fr", "free.fr", "laposte.net", "sfr.fr", "wanadoo.fr", "libero.it",
        "virgilio.it", "uol.com.br", "bol.com.br", "terra.com.br", "naver.com", "daum.net", "hanmail.net", "kakao.com", "docomo.ne.jp",
        "ezweb.ne.jp", "rediffmail.com", "zoho.com", "zohomail.com", "fastmail.com", "hey.com", "seznam.cz", "wp.pl", "o2.pl", "interia.pl",
        "onet.pl", "btinternet.com", "sky.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "shaw.ca", "bigpond.com", "hushmail.com");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FreeNames = FreeMail.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int LongestFreeName = FreeMail.Max(name => name.Length);

    /// <summary>Writes the domain in its one form; false when it is a free-mail provider's, which is no evidence of anything, or there is none.</summary>
    public static bool TryNormalise(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        // A caller that sends the whole address gets its domain used, and nothing else.
        var domain = utf8[(utf8.LastIndexOf((byte)'@') + 1)..];
        return Ascii.IsValid(domain) ? TryAscii(domain, destination, out written) : TryInternational(domain, destination, out written);
    }

    // Nearly all domains are ASCII: these need no string.
    private static bool TryAscii(ReadOnlySpan<byte> domain, Span<byte> destination, out int written)
    {
        domain = domain.Trim(" \t\n\v\f\r"u8).TrimEnd((byte)'.');
        if (Ascii.ToLower(domain, destination, out written) != OperationStatus.Done || written == 0) return false;
        if (written > LongestFreeName) return true;
        Span<char> name = stackalloc char[written];
        Ascii.ToUtf16(destination[..written], name, out _);
        return !FreeNames.Contains(name);
    }

    private static bool TryInternational(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        written = 0;
        var domain = Encoding.UTF8.GetString(utf8).Trim().TrimEnd('.').ToLowerInvariant();
        if (!Ascii.IsValid(domain)) domain = ToAscii(domain);
        return domain.Length > 0 && !FreeMail.Contains(domain) && Encoding.UTF8.TryGetBytes(domain, destination, out written);
    }

    private static string ToAscii(string domain)
    {
        try
        {
            return new IdnMapping { AllowUnassigned = true }.GetAscii(domain).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // No host has this name: opaque, it still tells accounts apart.
            return domain;
        }
    }
}
