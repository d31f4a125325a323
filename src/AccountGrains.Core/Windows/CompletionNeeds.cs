namespace AccountGrains.Core.Windows;

/// <summary>What a completion still adds to the request it belongs to.</summary>
/// <param name="Matched">A request with its id was seen in the last ten minutes; without one the completion counts alone.</param>
/// <param name="Output">Its output tokens were not known before.</param>
/// <param name="Status">Its status was not known before.</param>
/// <param name="Capability">What it asked for was not known before.</param>
public readonly record struct CompletionNeeds(bool Matched, bool Output, bool Status, bool Capability = false);
