using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Login;

/// <summary>The devices that an account was last logged in from for the first time, the oldest first.</summary>
public readonly record struct KnownDevices
{
    /// <summary>How many are remembered; one more drops the oldest.</summary>
    public const int Maximum = 16;

    private readonly ImmutableArray<DeviceFingerprint> _marks;

    private KnownDevices(ImmutableArray<DeviceFingerprint> marks) => _marks = marks;

    private ImmutableArray<DeviceFingerprint> Marks => _marks.IsDefault ? [] : _marks;

    /// <summary>Reads the stored form; one that can't be read knows no device.</summary>
    public static KnownDevices Read(ReadOnlySpan<byte> stored)
    {
        if (stored.Length % DeviceFingerprint.Length != 0)
            return default;
        var marks = ImmutableArray.CreateBuilder<DeviceFingerprint>();
        for (; !stored.IsEmpty; stored = stored[DeviceFingerprint.Length..])
            marks.Add(new(BinaryPrimitives.ReadUInt128BigEndian(stored)));
        return new(marks.ToImmutable());
    }

    /// <summary>The stored form.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Marks.Length * DeviceFingerprint.Length];
        for (var i = 0; i < Marks.Length; i++)
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(i * DeviceFingerprint.Length), Marks[i].Value);
        return bytes;
    }

    /// <summary>Whether a device is none of them, and there are others: the first device of an account is no news.</summary>
    public bool IsNew(DeviceFingerprint device) => !Marks.IsEmpty && !Marks.Contains(device);

    /// <summary>With one more device.</summary>
    public KnownDevices With(DeviceFingerprint device) =>
        Marks.Contains(device) ? this : new([.. Marks.Skip(Marks.Length + 1 - Maximum), device]);

    /// <inheritdoc/>
    public bool Equals(KnownDevices other) => Marks.SequenceEqual(other.Marks);

    /// <inheritdoc/>
    public override int GetHashCode() => Marks.Aggregate(0, HashCode.Combine);
}

/// <summary>
/// By what a device is known again: the user's own name for it, its system and its browser, hashed together with whose it is,
/// so that two accounts that share a device can't be told to. Nothing of it is a secret of the device: who copies all three is
/// taken for it.
/// </summary>
public readonly record struct DeviceFingerprint(UInt128 Value)
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 16;

    /// <summary>The mark of a user's device.</summary>
    public static DeviceFingerprint Of(UserId user, ClientInfo client)
    {
        // The name comes last, since it may hold the separator.
        var text = $"{user}\n{DeviceName.SystemOf(client.UserAgent)}\n{DeviceName.BrowserOf(client.UserAgent)}\n{client.Device}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }
}
