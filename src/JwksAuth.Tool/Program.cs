using JwksAuth.Tool.CommandLine;

return await JwksCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
