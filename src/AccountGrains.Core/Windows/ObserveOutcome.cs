namespace AccountGrains.Core.Windows;

/// <summary>What an observation was to an account's behaviour.</summary>
/// <param name="FirstEver">Nothing was observed of the account before.</param>
/// <param name="NewDay">Nothing as late as this observation's UTC day was observed before: the account counts as active once more.</param>
/// <param name="OutputTokens">How many output tokens it added: 0 for a completion whose request had them already.</param>
public readonly record struct ObserveOutcome(bool FirstEver, bool NewDay, long OutputTokens);
