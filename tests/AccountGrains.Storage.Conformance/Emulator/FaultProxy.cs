using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AccountGrains.Storage.Conformance.Emulator;

/// <summary>Stands between a client and a service of the emulator, and does to calls what networks and services in trouble do.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<(string Method, Fault Fault)> _faults = new();
    private int _calls;

    private FaultProxy(WebApplication application, int upstream)
    {
        _application = application;
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{upstream.ToString(CultureInfo.InvariantCulture)}") };
    }

    /// <summary>What is done to a call.</summary>
    public delegate Task Fault(HttpContext call, Func<Task> pass);

    /// <summary>Where it listens.</summary>
    public int Port { get; private set; }

    /// <summary>How many calls came.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What is done to every call for which nothing else was asked.</summary>
    public Fault? Always { get; set; }

    /// <summary>Starts one before a port.</summary>
    public static async Task<FaultProxy> StartAsync(int upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrel(kestrel => kestrel.AllowSynchronousIO = false);
        var application = builder.Build();
        var proxy = new FaultProxy(application, upstream);
        application.Run(proxy.HandleAsync);
        await application.StartAsync(TestContext.Current.CancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        proxy.Port = new Uri(address).Port;
        return proxy;
    }

    /// <summary>The call is not carried out; the service says why.</summary>
    public static Fault Refuse(int status, int? retryAfter = null) => (call, _) => AnswerAsync(call, status, retryAfter);

    /// <summary>The call is carried out, and the service says that it was not.</summary>
    public static Fault CarryOutThenAnswer(int status) => async (call, pass) =>
    {
        await WithoutAnswerAsync(call, pass);
        await AnswerAsync(call, status, null);
    };

    /// <summary>The call is carried out, and the connection is reset before the answer.</summary>
    public static Fault CarryOutThenReset() => async (call, pass) =>
    {
        await WithoutAnswerAsync(call, pass);
        call.Abort();
    };

    /// <summary>The connection is reset at once.</summary>
    public static Fault Reset() => (call, _) =>
    {
        call.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Nothing ever comes back.</summary>
    public static Fault Hang() => async (call, _) =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = call.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    /// <summary>The call waits until it is let through.</summary>
    public static Fault WaitFor(Task gate) => async (_, pass) =>
    {
        await gate;
        await pass();
    };

    /// <summary>Does something to the next call with a method that nothing was done to yet.</summary>
    public void Next(string method, Fault fault) => _faults.Enqueue((method, fault));

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _client.Dispose();
    }

    private static async Task WithoutAnswerAsync(HttpContext call, Func<Task> pass)
    {
        var body = call.Response.Body;
        call.Response.Body = Stream.Null;
        await pass();
        call.Response.Headers.Clear();
        call.Response.Body = body;
    }

    private static async Task AnswerAsync(HttpContext call, int status, int? retryAfter)
    {
        // What is left unread would end the connection, and the next call with it.
        await call.Request.Body.CopyToAsync(Stream.Null, CancellationToken.None);
        call.Response.StatusCode = status;
        call.Response.ContentLength = 0;
        if (retryAfter is { } seconds) call.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    private Task HandleAsync(HttpContext call)
    {
        Interlocked.Increment(ref _calls);
        Task Pass() => ForwardAsync(call);
        if (_faults.TryPeek(out var next) && next.Method == call.Request.Method && _faults.TryDequeue(out next)) return next.Fault(call, Pass);
        return Always is { } always ? always(call, Pass) : Pass();
    }

    private async Task ForwardAsync(HttpContext call)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Request.Method), call.Request.GetEncodedPathAndQuery());
        var body = new MemoryStream();
        await call.Request.Body.CopyToAsync(body, call.RequestAborted);
        if (body.Length > 0 || call.Request.ContentLength is not null) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in call.Request.Headers)
        {
            if (name is "Host" or "Content-Length" or "Transfer-Encoding" or "Connection") continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, CancellationToken.None);
        call.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")) call.Response.Headers[name] = values.ToArray();
        }

        var bytes = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (bytes.Length > 0) await call.Response.Body.WriteAsync(bytes, CancellationToken.None);
    }
}
