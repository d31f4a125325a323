using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AccountGrains.Storage.Azure.Tests.Clustering;

/// <summary>Has the service answer queries in small pages, and lets something happen after each.</summary>
internal sealed class SmallPages(int size) : HttpPipelinePolicy
{
    private int _pages;

    /// <summary>How many pages were read.</summary>
    public int Pages => _pages;

    /// <summary>What happens after a page; its number is that of all pages.</summary>
    public Func<int, Task>? AfterPage { get; set; }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("Everything is asynchronous.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var isQuery = message.Request.Method == RequestMethod.Get && message.Request.Uri.Query.Contains("$filter", StringComparison.OrdinalIgnoreCase);
        if (isQuery) message.Request.Uri.AppendQuery("$top", size.ToString(CultureInfo.InvariantCulture), escapeValue: false);
        await ProcessNextAsync(message, pipeline);
        if (isQuery && AfterPage is { } happens) await happens(Interlocked.Increment(ref _pages));
        else if (isQuery) Interlocked.Increment(ref _pages);
    }
}
