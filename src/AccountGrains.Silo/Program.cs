var builder = WebApplication.CreateBuilder(args);
builder.Host.UseOrleans(silo => silo.UseLocalhostClustering());
await builder.Build().RunAsync().ConfigureAwait(false);
