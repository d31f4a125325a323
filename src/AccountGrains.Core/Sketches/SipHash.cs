using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AccountGrains.Core.Sketches;

/// <summary>SipHash (Aumasson, Bernstein 2012): a fast keyed hash whose outputs nobody can predict or steer without the key.</summary>
internal static class SipHash
{
    /// <summary>SipHash-2-4 of bytes, as published.</summary>
    public static ulong Hash(SipKey key, ReadOnlySpan<byte> source)
    {
        var state = new State(key);
        var length = source.Length;
        for (; source.Length >= 8; source = source[8..])
        {
            state.AbsorbTwice(BinaryPrimitives.ReadUInt64LittleEndian(source));
        }

        var last = (ulong)(byte)length << 56;
        for (var i = 0; i < source.Length; i++) last |= (ulong)source[i] << (8 * i);
        state.AbsorbTwice(last);
        return state.Finish(4);
    }

    /// <summary>SipHash-1-3 of whole words, for shingles: their number is part of what is hashed.</summary>
    public static ulong Hash(SipKey key, ReadOnlySpan<ulong> words)
    {
        var state = new State(key);
        foreach (var word in words) state.Absorb(word);
        state.Absorb((ulong)words.Length << 59);
        return state.Finish(3);
    }

    /// <summary>How many shingles are hashed side by side.</summary>
    public const int Lanes = 8;

    /// <summary>The same for each run of so many of the words: as many runs as there are lanes.</summary>
    public static void HashLanes(SipKey key, ReadOnlySpan<ulong> words, int width, Span<ulong> hashes)
    {
        if (!Vector256.IsHardwareAccelerated)
        {
            for (var i = 0; i < Lanes; i++) hashes[i] = Hash(key, words[i..(i + width)]);
            return;
        }

        var half = Lanes / 2;
        SipHashLanes low = new(key), high = new(key);
        for (var i = 0; i < width; i++)
        {
            low.Absorb(Vector256.Create(words[i..]));
            high.Absorb(Vector256.Create(words[(i + half)..]));
        }

        low.Absorb(Vector256.Create((ulong)width << 59));
        high.Absorb(Vector256.Create((ulong)width << 59));
        low.Finish().CopyTo(hashes);
        high.Finish().CopyTo(hashes[half..]);
    }

    private struct State(SipKey key)
    {
        private ulong _v0 = key.First ^ 0x736F6D6570736575UL;
        private ulong _v1 = key.Second ^ 0x646F72616E646F6DUL;
        private ulong _v2 = key.First ^ 0x6C7967656E657261UL;
        private ulong _v3 = key.Second ^ 0x7465646279746573UL;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb(ulong word)
        {
            _v3 ^= word;
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void AbsorbTwice(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Finish(int rounds)
        {
            _v2 ^= 0xFF;
            for (var i = 0; i < rounds; i++) Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            _v0 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
            _v0 = BitOperations.RotateLeft(_v0, 32);
            _v2 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
            _v0 += _v3;
            _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
            _v2 += _v1;
            _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
            _v2 = BitOperations.RotateLeft(_v2, 32);
        }
    }
}
