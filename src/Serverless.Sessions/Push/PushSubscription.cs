namespace Serverless.Sessions.Push;

/// <summary>Where a push service takes messages for a browser (RFC 8030), and the keys that only the browser reads them with (RFC 8291).
/// <see cref="object.ToString"/> redacts it: who knows the endpoint can tell the browser apart.</summary>
/// <param name="Endpoint">A URL of the push service.</param>
/// <param name="Key">The browser's public key <c>p256dh</c>, in base64url.</param>
/// <param name="Secret">The secret <c>auth</c> that is mixed into the encryption, in base64url.</param>
public sealed record PushSubscription(string Endpoint, string Key, string Secret)
{
    private const int PointLength = 65;
    private const int SecretLength = 16;

    /// <summary>Whether a text is a point of P-256, uncompressed.</summary>
    public static bool IsKey(string text)
    {
        var point = new byte[PointLength + 2];
        if (!StrictBase64Url.TryDecode(text, point, out var length) || length != PointLength || point[0] != 4)
            return false;
        try
        {
            // Refuses a point that isn't on the curve.
            using var key = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = point[1..33], Y = point[33..PointLength] },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static bool IsSecret(string text)
    {
        Span<byte> secret = stackalloc byte[SecretLength + 2];
        return StrictBase64Url.TryDecode(text, secret, out var length) && length == SecretLength;
    }

    public override string ToString() => "[push subscription]";
}
