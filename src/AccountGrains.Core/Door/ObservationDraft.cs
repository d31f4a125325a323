using System.Text.Json;

namespace AccountGrains.Core.Door;

/// <summary>An observation as far as it has been read. Methods give the rule that a value breaks, or null.</summary>
internal ref struct ObservationDraft(DoorContext context, byte[] scratch, bool keepRequestId)
{
    private const int MaxRequestId = 128;
    private const long MaxTokens = 1_000_000_000_000;

    private readonly KeyRing _keys = context.Keys;
    private readonly DoorContext _context = context;
    private readonly byte[] _scratch = scratch;
    private readonly bool _keepRequestId = keepRequestId;
    private ObservationType _type;
    private long _time = long.MinValue;
    private AccountId _account;
    private AccountName _name;
    private ulong _request, _organization;
    private UInt128 _ip, _prefix, _asn, _ja4, _userAgent, _payment, _device, _email;
    private string? _plan, _model, _capability, _reason;
    private long _inputTokens = -1, _outputTokens = -1, _status;
    private float _reasoningElicitation = -1;
    private UInt128[]? _presented, _issued;
    private PromptField _prompt;

    /// <summary>The request id itself, where it is to be kept.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Takes the value that the reader stands at.</summary>
    public string? Take(ObservationField field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        return field switch
        {
            ObservationField.V => FieldReader.Integer(ref reader, 1, 1, "must be 1", out _),
            ObservationField.InputTokens => Tokens(ref reader, out _inputTokens),
            ObservationField.OutputTokens => Tokens(ref reader, out _outputTokens),
            ObservationField.Status => FieldReader.Integer(ref reader, 100, 599, "must be an integer from 100 to 599", out _status),
            ObservationField.Asn => Asn(ref reader),
            ObservationField.Prompt => _prompt.TakePrompt(ref reader),
            ObservationField.Sketch => _prompt.TakeSketch(ref reader, _scratch),
            ObservationField.Signals => SignalsField.Take(ref reader, _scratch, out _reasoningElicitation),
            ObservationField.Presented => ArtefactsField.Take(ref reader, _keys, _scratch, out _presented),
            ObservationField.Issued => ArtefactsField.Take(ref reader, _keys, _scratch, out _issued),
            _ => TakeText(field, ref reader),
        };
    }

    /// <summary>Makes the input, once all fields are taken; false when one is missing.</summary>
    public bool TryFinish(out AccountInput input, out ObservationError error)
    {
        input = default;
        error = Missing();
        if (error.Rule is not null) return false;
        if (_prompt.Finish(_keys.SketchKey, out var sketch, out var elicitation) is { } rule)
        {
            error = new ObservationError(ObservationField.Prompt.Name(), rule);
            return false;
        }

        input = new AccountInput
        {
            Type = _type,
            Time = _time == long.MinValue ? _context.Now : _time,
            Account = _account,
            Name = _name,
            Request = _request,
            KeyId = _keys.KeyId,
            Ip = _ip,
            Prefix = _prefix,
            Asn = _asn,
            Ja4 = _ja4,
            UserAgent = _userAgent,
            Payment = _payment,
            Device = _device,
            Email = _email,
            Organization = _organization,
            Plan = _plan,
            Model = _model,
            Capability = _capability,
            InputTokens = _inputTokens,
            OutputTokens = _outputTokens,
            Status = (int)_status,
            Sketch = sketch,
            ReasoningElicitation = _reasoningElicitation >= 0 ? _reasoningElicitation : elicitation,
            Presented = _presented,
            Issued = _issued,
            Reason = _type is ObservationType.Ban or ObservationType.Restore ? _reason : null,
        };
        return true;
    }

    private readonly ObservationError Missing()
    {
        if (_type == 0) return new ObservationError(ObservationField.Type.Name(), "is required");
        if (_name.IsEmpty) return new ObservationError(ObservationField.Account.Name(), "is required");
        if (_time == long.MinValue && _context.IsReplay) return new ObservationError(ObservationField.Time.Name(), "is required in a replay");
        return default;
    }

    private string? TakeText(ObservationField field, ref Utf8JsonReader reader)
    {
        var rule = FieldReader.Text(ref reader, field == ObservationField.RequestId ? MaxRequestId : ObservationReader.MaxText, _scratch, out var text);
        if (field == ObservationField.Account) return TakeAccount(rule, text);
        if (rule is not null) return rule;
        if (field == ObservationField.Type) return (_type = TypeOf(text)) == 0 ? "must be request, completion, signup, ban or restore" : null;
        if (field == ObservationField.Time) return TimeField.Take(text, _context, out _time);
        if (text.IsEmpty) return null;

        switch (field)
        {
            case ObservationField.RequestId: TakeRequestId(text); return null;
            case ObservationField.Organization: _organization = _keys.Organization(text); return null;
            case ObservationField.Plan: _plan = _context.Labels.Intern(text); return null;
            case ObservationField.Model: _model = _context.Labels.Intern(text); return null;
            case ObservationField.Capability: _capability = _context.Labels.Intern(text); return null;
            case ObservationField.Reason: _reason = System.Text.Encoding.UTF8.GetString(text); return null;
            case ObservationField.Ip: return _keys.TryValue(FingerprintKind.Ip, text, out _ip, out _prefix) ? null : "must be an IP address";
            case ObservationField.Ja4: return Value(FingerprintKind.Ja4, text, out _ja4);
            case ObservationField.UserAgent: return Value(FingerprintKind.UserAgent, text, out _userAgent);
            case ObservationField.Payment: return Value(FingerprintKind.Payment, text, out _payment);
            case ObservationField.Device: return Value(FingerprintKind.Device, text, out _device);
            case ObservationField.EmailDomain: return Value(FingerprintKind.Email, text, out _email);
            default: return null;
        }
    }

    private void TakeRequestId(scoped ReadOnlySpan<byte> text)
    {
        _request = _keys.Request(text);
        if (_keepRequestId) RequestId = System.Text.Encoding.UTF8.GetString(text);
    }

    private string? TakeAccount(string? rule, scoped ReadOnlySpan<byte> text)
    {
        const string Characters = "must have no control, format or surrogate characters";
        if (rule is not null) return rule is FieldReader.NotUnicode or FieldReader.HasNul ? Characters : rule;
        if (text.IsEmpty) return "must have at least one character";
        if (!AccountName.HasAllowedCharacters(text)) return Characters;
        _account = _keys.Account(text, out _name);
        return null;
    }

    private readonly string? Value(FingerprintKind kind, ReadOnlySpan<byte> text, out UInt128 id)
    {
        _keys.TryValue(kind, text, out id, out _);
        return null;
    }

    private string? Asn(ref Utf8JsonReader reader)
    {
        // An integer has one form in JSON: its digits are the raw value.
        var rule = FieldReader.Integer(ref reader, 1, uint.MaxValue, "must be an integer from 1 to 4294967295", out _);
        return rule ?? Value(FingerprintKind.Asn, reader.ValueSpan, out _asn);
    }

    private static string? Tokens(ref Utf8JsonReader reader, out long tokens) =>
        FieldReader.Integer(ref reader, 0, long.MaxValue, "must be an integer of at least 0", out tokens)
        ?? (tokens > MaxTokens ? "must be at most 1000000000000" : null);

    private static ObservationType TypeOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("request"u8) ? ObservationType.Request
        : text.SequenceEqual("completion"u8) ? ObservationType.Completion
        : text.SequenceEqual("signup"u8) ? ObservationType.Signup
        : text.SequenceEqual("ban"u8) ? ObservationType.Ban
        : text.SequenceEqual("restore"u8) ? ObservationType.Restore
        : 0;
}
