using NSec.Cryptography;

namespace Serverless.Sessions.Passwords;

/// <summary>Argon2id by libsodium, which can't be loaded everywhere.</summary>
internal static class NativeArgon2
{
    private static readonly Lazy<string?> Failure = new(Try);

    /// <summary>Why it can't be used here; null if it can. The first call loads it.</summary>
    public static string? WhyNot => Failure.Value;

    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Argon2Cost cost, Span<byte> key) =>
        PasswordBasedKeyDerivationAlgorithm
            .Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = cost.Memory, NumberOfPasses = cost.Passes })
            .DeriveBytes(password, salt, key);

    private static string? Try()
    {
        try
        {
            Derive("x"u8, new byte[16], Argon2Cost.Weak, new byte[16]);
            return null;
        }
        // NSec's, and what the runtime throws for a library that is missing, or of another platform or version.
        catch (Exception exception) when (exception is PlatformNotSupportedException or TypeInitializationException
            or DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return exception.GetBaseException().Message;
        }
    }
}
