using AccountGrains.Storage.Conformance.Emulator;

[assembly: AssemblyFixture(typeof(Azurite))]
