using System.Security.Cryptography;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>Lets one process at a time write to a folder. The system releases it when its holder dies, however that happens.</summary>
internal static class StoreLock
{
    private const string FileName = "keys.lock";
    private const int LongestPauseMilliseconds = 50;

    // What Linux, the BSDs and Windows say when another handle holds the lock.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>To be disposed to release the lock.</returns>
    /// <exception cref="JwksKeyStoreException">Another process holds it for longer than 10 seconds.</exception>
    public static async Task<IAsyncDisposable> TakeAsync(string folder, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System; // the holder is another process, which knows no other
        var path = Path.Combine(folder, FileName);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, AtomicFile.OptionsForOwner(FileMode.OpenOrCreate, FileAccess.ReadWrite));
            }
            catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
            {
                if (time.GetElapsedTime(start) > Patience)
                    throw new JwksKeyStoreException($"The key store '{folder}' has been locked by another process for {Patience.TotalSeconds} seconds.", exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, LongestPauseMilliseconds)), time, cancellationToken);
        }
    }
}
