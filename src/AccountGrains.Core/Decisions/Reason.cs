using AccountGrains.Core.States;

namespace AccountGrains.Core.Decisions;

/// <summary>What a reason says. The numbers are stored and never change.</summary>
public enum ReasonCode : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Accounts share a fingerprint more than chance allows.</summary>
    Shared = 1,

    /// <summary>The account's requests fit those of a campaign.</summary>
    CampaignTemplate = 2,

    /// <summary>The account fits a campaign's pattern in time.</summary>
    CampaignTiming = 3,

    /// <summary>The account was opened as a campaign's accounts were.</summary>
    CampaignSignup = 4,

    /// <summary>The account's own share of requests that are a campaign's work.</summary>
    OwnBehaviour = 5,

    /// <summary>It was banned elsewhere.</summary>
    ExternalBan = 6,

    /// <summary>A ban from elsewhere was lifted.</summary>
    ExternalRestore = 7,

    /// <summary>It sends more than its plan does.</summary>
    OwnRate = 8,

    /// <summary>It takes more tokens than its plan does.</summary>
    OwnTokens = 9,

    /// <summary>It began at a rate at which others do not begin.</summary>
    OwnStart = 10,

    /// <summary>It uses as much as accounts of a higher plan.</summary>
    OwnPlanUse = 11,

    /// <summary>It has no daily rhythm.</summary>
    OwnRhythm = 12,

    /// <summary>Its prompts begin alike.</summary>
    OwnRepetition = 13,

    /// <summary>It asks for one thing.</summary>
    OwnFocus = 14,

    /// <summary>It asks for the reasoning itself.</summary>
    OwnElicitation = 15,

    /// <summary>It went over to a new model more than others on the same day.</summary>
    OwnPivot = 16,

    /// <summary>It began right after accounts of the campaign were banned.</summary>
    Succession = 17,

    /// <summary>Accounts were refused all that they asked for at one address.</summary>
    SharedRefusal = 18,

    /// <summary>A campaign's accounts act at the same moments.</summary>
    ActTogether = 19,

    /// <summary>A campaign's accounts take turns.</summary>
    TakeTurns = 20,

    /// <summary>Accounts send the same as each other within a minute, and sent more of the same before.</summary>
    RepeatEachOther = 21,
}

/// <summary>One piece of evidence as a verdict names it.</summary>
/// <param name="Code">What it says.</param>
/// <param name="Family">Which family it belongs to.</param>
/// <param name="Fingerprint">The fingerprint it is about, if it is about one.</param>
/// <param name="Weight">Its weight in nats; negative weights speak for the account.</param>
/// <param name="Seen">How many accounts were seen to share it.</param>
/// <param name="Expected">How many would be expected to by chance.</param>
public readonly record struct Reason(ReasonCode Code, EvidenceFamily Family, Fingerprint Fingerprint, float Weight, int Seen, float Expected)
{
    /// <summary>What was said for a ban or its lifting, at most 256 characters; null when nothing was.</summary>
    public string? Text { get; init; }

    /// <summary>The reason's code in JSON, such as <c>shared-payment</c>.</summary>
    public string Name => Code switch
    {
        ReasonCode.Shared => $"shared-{(Fingerprint.IsNone ? Family.Name() : Fingerprint.Kind.Name())}",
        ReasonCode.CampaignTemplate => "campaign-template",
        ReasonCode.CampaignTiming => "campaign-timing",
        ReasonCode.CampaignSignup => "campaign-signup",
        ReasonCode.Succession => "campaign-succession",
        ReasonCode.SharedRefusal => "shared-refusal",
        ReasonCode.ActTogether => "act-together",
        ReasonCode.TakeTurns => "take-turns",
        ReasonCode.RepeatEachOther => "repeat-each-other",
        ReasonCode.OwnBehaviour => "own-behaviour",
        ReasonCode.ExternalBan => "external-ban",
        ReasonCode.ExternalRestore => "external-restore",
        _ => ConductSentence.NameOf(Code),
    };

    /// <summary>One sentence for people.</summary>
    public string Detail => Code switch
    {
        ReasonCode.Shared => Fingerprint.Kind switch
        {
            FingerprintKind.Payment => $"{Seen} accounts pay with it",
            FingerprintKind.Device => $"{Seen} accounts use this device",
            FingerprintKind.Ip => $"{Seen} accounts use this address",
            FingerprintKind.Prefix => $"{Seen} accounts use this prefix",
            FingerprintKind.Asn => $"{Seen} accounts use this network",
            FingerprintKind.Ja4 or FingerprintKind.UserAgent => $"{Seen} accounts use this client",
            FingerprintKind.Artefact => $"{Seen} accounts were handed it out or presented it",
            FingerprintKind.Template => $"{Seen} accounts send prompts with this phrase",
            FingerprintKind.Email => $"{Seen} accounts use this e-mail domain",
            _ => $"{Seen} accounts share it",
        },
        ReasonCode.CampaignTemplate => $"its prompts follow a template that {Seen} accounts of the campaign use",
        ReasonCode.CampaignTiming => $"it takes its turn among the campaign's {Seen} accounts",
        ReasonCode.CampaignSignup => $"it was opened as the campaign's {Seen} accounts were",
        ReasonCode.Succession => $"it began right after a ban, as the campaign's accounts do that replace others ({Seen} bans lately)",
        ReasonCode.SharedRefusal => $"{Seen} accounts were refused all that they asked for at this address",
        ReasonCode.ActTogether => $"its accounts met {Seen} times within ten seconds lately",
        ReasonCode.TakeTurns => $"{Seen} of the last waits of its accounts for their next turn are alike",
        ReasonCode.RepeatEachOther => $"{Seen} accounts sent the same as another of them within a minute, and more of the same before",
        ReasonCode.OwnBehaviour => $"{Seen} of its requests are the campaign's work",
        ReasonCode.ExternalBan => Text ?? "it was banned elsewhere",
        ReasonCode.ExternalRestore => Text ?? "its ban was lifted",
        _ => ConductSentence.Of(this),
    };

    internal void Write(StateWriter writer)
    {
        writer.Byte((byte)Code);
        writer.Byte((byte)Family);
        writer.Fingerprint(Fingerprint);
        writer.Single(Weight);
        writer.Int32(Seen);
        writer.Single(Expected);
        writer.Text(Text);
    }

    /// <summary>Reads the stored form; that of schema 1 had no text.</summary>
    internal static Reason Read(ref StateReader reader, byte schema)
    {
        var reason = new Reason((ReasonCode)reader.Byte(), (EvidenceFamily)reader.Byte(), reader.Fingerprint(), reader.Single(), reader.Int32(), reader.Single());
        return schema == 1 ? reason : reason with { Text = reader.Text() };
    }
}
