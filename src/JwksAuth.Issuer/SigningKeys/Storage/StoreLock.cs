using System.Security.Cryptography;

namespace JwksAuth.Issuer.SigningKeys.Storage;

/// <summary>Lets only one process write to a folder. The operating system releases the lock when the process ends.</summary>
internal static class StoreLock
{
    private const string FileName = "keys.lock";
    private const int LongestPauseMilliseconds = 50;

    // The error codes of Linux, the BSDs and Windows for a lock held by another handle.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="JwksKeyStoreException">Another process has held the lock for longer than 10 seconds.</exception>
    public static async Task<IAsyncDisposable> TakeAsync(string folder, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System; // other processes use the system clock
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
                    throw new JwksKeyStoreException(
                        $"The key store '{folder}' has been locked by another process for {Patience.TotalSeconds} seconds.", exception);
            }

            await Task.Delay(
                TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(1, LongestPauseMilliseconds)), time, cancellationToken);
        }
    }
}
