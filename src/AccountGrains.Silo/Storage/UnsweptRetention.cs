using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>For stores that are not swept yet: nothing is forgotten there, and that is said once.</summary>
internal sealed class UnsweptRetention(IOptions<StorageOptions> options, ILogger<UnsweptRetention> logger) : IRetention
{
    private bool _said;

    /// <inheritdoc/>
    public ValueTask<int> ForgetAsync(int day, int limit, CancellationToken cancellationToken)
    {
        if (!_said) Log.NotSwept(logger, options.Value.Kind);
        _said = true;
        return new(0);
    }
}
