using System.Collections.Immutable;

namespace Serverless.Sessions.Login;

/// <summary>The latest devices that were new to an account, oldest first.</summary>
public readonly record struct KnownDevices
{
    /// <summary>The most devices remembered; one more drops the oldest.</summary>
    public const int Maximum = 16;

    private readonly ImmutableArray<DeviceFingerprint> _marks;

    private KnownDevices(ImmutableArray<DeviceFingerprint> marks) => _marks = marks;

    public int Count => Marks.Length;

    private ImmutableArray<DeviceFingerprint> Marks => _marks.IsDefault ? [] : _marks;

    /// <summary>Reads the stored form; malformed bytes yield no devices.</summary>
    public static KnownDevices Read(ReadOnlySpan<byte> stored)
    {
        if (stored.Length % DeviceFingerprint.Length != 0)
            return default;
        var marks = ImmutableArray.CreateBuilder<DeviceFingerprint>();
        for (; !stored.IsEmpty; stored = stored[DeviceFingerprint.Length..])
            marks.Add(new(BinaryPrimitives.ReadUInt128BigEndian(stored)));
        return new(marks.ToImmutable());
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Marks.Length * DeviceFingerprint.Length];
        for (var i = 0; i < Marks.Length; i++)
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(i * DeviceFingerprint.Length), Marks[i].Value);
        return bytes;
    }

    /// <summary>True for an unknown device that isn't the account's first.</summary>
    public bool IsNew(DeviceFingerprint device) => !Marks.IsEmpty && !Marks.Contains(device);

    public KnownDevices With(DeviceFingerprint device) =>
        Marks.Contains(device) ? this : new([.. Marks.Skip(Marks.Length + 1 - Maximum), device]);

    public bool Equals(KnownDevices other) => Marks.SequenceEqual(other.Marks);
    public override int GetHashCode() => Marks.Aggregate(0, HashCode.Combine);
}

/// <summary>Recognizes a device by the user's name for it, its system and its browser, hashed with the user id, so that a device
/// shared by two accounts doesn't link them. None of this is secret: a caller that copies all three passes for it.</summary>
public readonly record struct DeviceFingerprint(UInt128 Value)
{
    public const int Length = 16;

    // The name is last because it may contain the separator.
    public static DeviceFingerprint Of(UserId user, ClientInfo client) => new(
        Digest.Of($"{user}\n{DeviceName.SystemOf(client.UserAgent)}\n{DeviceName.BrowserOf(client.UserAgent)}\n{client.Device}"));
}
