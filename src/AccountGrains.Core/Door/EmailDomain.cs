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

    /// <summary>The domain in its one form, or nothing when it is a free-mail provider's, which is no evidence of anything.</summary>
    public static string? Normalise(ReadOnlySpan<byte> utf8)
    {
        // A caller that sends the whole address gets its domain used, and nothing else.
        var domain = Encoding.UTF8.GetString(utf8[(utf8.LastIndexOf((byte)'@') + 1)..]).Trim().TrimEnd('.').ToLowerInvariant();
        if (!Ascii.IsValid(domain)) domain = ToAscii(domain);
        return domain.Length == 0 || FreeMail.Contains(domain) ? null : domain;
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
