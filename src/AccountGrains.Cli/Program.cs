Console.WriteLine("accountgrains");
