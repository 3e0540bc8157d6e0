namespace Serverless.Sessions.Tests.Passwords;

/// <summary>Known answers of others, each with where it is from.</summary>
public sealed class StoredHashTests
{
    public static TheoryData<string, string> Known => new()
    {
        // The reference implementation, src/test.c: a salt of 8 bytes and two lanes.
        { "password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc" },
        // Openwall's crypt_blowfish, wrapper.c; the last is longer than 72 bytes.
        { "U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" },
        { "U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a" },
        { "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
            "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui" },
        // RFC 7914, section 12.
        { "password", "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA" },
        { "pleaseletmein", "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw" },
        // The example of github.com/firebase/scrypt, and one of Supabase Auth's tests.
        { "user1password", "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$"
            + "42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==" },
        { "mytestpassword", "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$"
            + "C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==" },
        // Django's tests.
        { "l\u00e8tmein", "pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=" },
        // ASP.NET Core's tests: versions 2 and 3, with HMAC-SHA512.
        { "my password", "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==" },
        { "my password", "AQAAAAIAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A==" },
        { "my password", "AQAAAAIAAYagAAAAEAABAgMEBQYHCAkKCwwNDg/Q8A0WMKbtHQJQ2DHCdoEeeFBrgNlldq6vH4qX/CGqGQ==" },
    };

    /// <summary>In 64 MiB each.</summary>
    public static TheoryData<string, string> Heavy => new()
    {
        // The reference implementation, as above.
        { "password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc" },
        // The documentation of argon2-cffi.
        { "correct horse battery staple", "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg" },
        // passlib's documentation.
        { "password", "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E" },
    };

    [Theory]
    [Trait("Run", "nightly")]
    [MemberData(nameof(Heavy))]
    public void A_heavy_hash_of_others_matches_its_password_and_no_other(string password, string text) =>
        A_hash_of_others_matches_its_password_and_no_other(password, text);

    [Theory]
    [MemberData(nameof(Known))]
    public void A_hash_of_others_matches_its_password_and_no_other(string password, string text)
    {
        var hash = StoredHash.Read(text)!;
        Assert.True(hash.Matches(new(password)));
        Assert.False(hash.Matches(new($"x{password}")));
    }

    [Fact]
    public void A_bcrypt_hash_whose_salt_has_bits_too_many_matches_nothing_and_is_not_imported()
    {
        var text = "$2a$05$CCCCCCCCCCCCCCCCCCCCC/E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        Assert.False(StoredHash.Read(text)!.Matches(new("U*U")));
        Assert.NotNull(new PasswordHash(text).WhyNotImported);
        Assert.All(Known.Concat(Heavy), row => Assert.Null(new PasswordHash((string)row[1]).WhyNotImported));
    }

    [Fact]
    public void Every_prefix_of_bcrypt_is_the_same_hash()
    {
        foreach (var prefix in new[] { "$2b$", "$2y$" })
            Assert.True(StoredHash.Read($"{prefix}05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")!.Matches(new("U*U")));
    }

    [Fact]
    public void The_native_and_the_managed_Argon2id_agree()
    {
        Password password = new("correct horse battery staple");
        var native = Argon2idHash.Create(password, Argon2Cost.Safe).Write().Text;
        Assert.Equal("argon2id", StoredHash.Read(native)!.Kind);
        var generator = new Org.BouncyCastle.Crypto.Generators.Argon2BytesGenerator();
        generator.Init(new Org.BouncyCastle.Crypto.Parameters.Argon2Parameters.Builder(Org.BouncyCastle.Crypto.Parameters.Argon2Parameters.Argon2id)
            .WithSalt(Phc.FromBase64(native.Split('$')[4], 16, 16)).WithMemoryAsKB(19456).WithIterations(2).WithParallelism(1).Build());
        var key = new byte[32];
        generator.GenerateBytes(password.ToBytes(), key);
        Assert.Equal(Phc.FromBase64(native.Split('$')[5], 32, 32), key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("one day")]
    [InlineData("5f4dcc3b5aa765d61d8327deb882cf99")] // MD5.
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$t=2,m=65536,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=-8,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFd")] // Guessable.
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=8,t=2,p=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe")]
    [InlineData("$2a$05$CCCCCCCCCCCCCCCCCCCCC+E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$scrypt$ln=0,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E")]
    [InlineData("pbkdf2_sha256$0$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=")]
    [InlineData("pbkdf2_sha256$390000$$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=")]
    [InlineData("AQAAAAMAACcQAAAAEAABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A==")]
    [InlineData("AQAAAAIAACcQ/////wABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A==")]
    [InlineData("AQAAAAI=")]
    // Too much memory or work.
    [InlineData("$argon2id$v=19$m=10485760,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=5,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=1,p=64$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$2a$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("$scrypt$ln=18,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E")]
    [InlineData("$scrypt$ln=20,r=16777216,p=16777216$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E")]
    [InlineData("pbkdf2_sha256$2000001$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=")]
    [InlineData("AQAAAAIAmJaBAAAAEAABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A==")]
    public void What_is_no_known_hash_or_costs_too_much_is_not_read(string text)
    {
        Assert.Null(StoredHash.Read(text));
        Assert.NotNull(new PasswordHash(text).WhyNotImported);
    }

    [Theory]
    [InlineData("AQAAAAIAHoSAAAAAEAABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A==", true)]
    [InlineData("AQAAAAIAHoSBAAAAEAABAgMEBQYHCAkKCwwNDg9B0Oxwty+PGIDSp95gcCfzeDvA4sGapUIUov8usXfD6A==", false)]
    public void What_earlier_releases_stored_is_read_but_imported_only_up_to_2_million_iterations(string text, bool isImported)
    {
        Assert.NotNull(StoredHash.Read(text));
        Assert.Equal(isImported, new PasswordHash(text).WhyNotImported is null);
    }

    [Fact]
    public void A_written_hash_reads_as_itself()
    {
        Assert.Equal("$argon2id$v=19$m=19456,t=2,p=1$AAECAw$BAUGBwg",
            Phc.Write("argon2id", 19, "m=19456,t=2,p=1", [0, 1, 2, 3], [4, 5, 6, 7, 8]));
        var pbkdf2 = Pbkdf2Hash.Create(new("x"), 1_000).Write();
        Assert.Equal(pbkdf2, ((Pbkdf2Hash)StoredHash.Read(pbkdf2.Text)!).Write());
        var argon2 = Argon2idHash.Create(new("x"), Argon2Cost.Weak).Write();
        Assert.Equal(argon2, ((Argon2idHash)StoredHash.Read(argon2.Text)!).Write());
    }
}
