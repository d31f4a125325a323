using AccountGrains.Silo.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.Host.UseOrleans(silo => silo.UseLocalhostClustering().AddTracker());
await builder.Build().RunAsync().ConfigureAwait(false);
