package audit

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// The definitions of RFC 6962 §2.1, word for word and as slow as that is: they
// share nothing with tlog or with the tree under test.

func naiveLeaf(d []byte) [32]byte { return sha256.Sum256(append([]byte{0}, d...)) }

func naiveNode(l, r [32]byte) [32]byte {
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}

// largestPower is the largest power of two smaller than n.
func largestPower(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

func naiveRoot(d [][32]byte) [32]byte { // MTH(D[n])
	switch n := len(d); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return d[0]
	default:
		k := largestPower(n)
		return naiveNode(naiveRoot(d[:k]), naiveRoot(d[k:]))
	}
}

func naivePath(m int, d [][32]byte) [][32]byte { // PATH(m, D[n])
	n := len(d)
	if n <= 1 {
		return nil
	}
	if k := largestPower(n); m < k {
		return append(naivePath(m, d[:k]), naiveRoot(d[k:]))
	} else {
		return append(naivePath(m-k, d[k:]), naiveRoot(d[:k]))
	}
}

func naiveProof(m int, d [][32]byte) [][32]byte { return naiveSubproof(m, d, true) } // PROOF(m, D[n])

func naiveSubproof(m int, d [][32]byte, whole bool) [][32]byte {
	n := len(d)
	if m == n {
		if whole {
			return nil
		}
		return [][32]byte{naiveRoot(d)}
	}
	if k := largestPower(n); m <= k {
		return append(naiveSubproof(m, d[:k], whole), naiveRoot(d[k:]))
	} else {
		return append(naiveSubproof(m-k, d[k:], false), naiveRoot(d[:k]))
	}
}

func same(t require.TestingT, want [][32]byte, got []tlog.Hash) {
	require.Len(t, got, len(want))
	for i := range want {
		require.Equal(t, tlog.Hash(want[i]), got[i])
	}
}

func TestTreeAndProofsAreThoseOfTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 8), 1, 130).Draw(t, "data")
		var (
			tree   edge
			stored hashSlice
			leaves [][32]byte
		)
		for i, d := range data {
			leaves = append(leaves, naiveLeaf(d))
			made := tree.add(tlog.RecordHash(d))
			byTlog, err := tlog.StoredHashes(int64(i), d, stored)
			require.NoError(t, err)
			require.Equal(t, byTlog, made, "what is stored is what tlog would store")
			stored = append(stored, made...)
			require.Equal(t, tlog.Hash(naiveRoot(leaves)), tree.head().Root)
		}
		size := rapid.IntRange(1, len(data)).Draw(t, "size")
		head := Head{Size: int64(size), Root: naiveRoot(leaves[:size])}

		m := rapid.IntRange(0, size-1).Draw(t, "number")
		in, err := ProveInclusion(head.Size, int64(m), stored)
		require.NoError(t, err)
		same(t, naivePath(m, leaves[:size]), in.Path)
		require.NoError(t, in.Check(head, leaves[m]))
		other := tlog.Hash(leaves[m])
		other[0] ^= 1
		require.ErrorIs(t, in.Check(head, other), ErrProofInvalid)

		from := rapid.IntRange(1, size).Draw(t, "from")
		growth, err := ProveGrowth(int64(from), head.Size, stored)
		require.NoError(t, err)
		same(t, naiveProof(from, leaves[:size]), growth.Path)
		old := Head{Size: int64(from), Root: naiveRoot(leaves[:from])}
		require.NoError(t, growth.Check(old, head))
		old.Root[31] ^= 1
		require.ErrorIs(t, growth.Check(old, head), ErrProofInvalid)
	})
}

func TestProofsOfWhatIsNotThereAreRefused(t *testing.T) {
	var tree edge
	stored := hashSlice(tree.add(tlog.RecordHash(nil)))
	for _, number := range []int64{-1, 1} {
		_, err := ProveInclusion(1, number, stored)
		require.ErrorIs(t, err, ErrUnknown)
	}
	for _, sizes := range [][2]int64{{-1, 1}, {2, 1}} {
		_, err := ProveGrowth(sizes[0], sizes[1], stored)
		require.ErrorIs(t, err, ErrUnknown)
	}
	p, err := ProveGrowth(0, 1, stored)
	require.NoError(t, err)
	require.NoError(t, p.Check(EmptyHead(), tree.head()), "every log has grown from nothing")
	require.ErrorIs(t, p.Check(Head{Root: tlog.Hash{1}}, tree.head()), ErrProofInvalid)
	require.ErrorIs(t, p.Check(tree.head(), tree.head()), ErrProofInvalid, "a proof is for its sizes")
	in, err := ProveInclusion(1, 0, stored)
	require.NoError(t, err)
	require.ErrorIs(t, in.Check(EmptyHead(), tlog.RecordHash(nil)), ErrProofInvalid)
}

func TestANumberSetKnowsItsRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		near := rapid.Custom(func(t *rapid.T) int64 {
			return rapid.SampledFrom([]int64{0, chunkBits - 100, 5 * chunkBits}).Draw(t, "around") + rapid.Int64Range(0, 200).Draw(t, "off")
		})
		s, other := numberSet{}, numberSet{}
		want := map[int64]bool{}
		for _, n := range rapid.SliceOf(near).Draw(t, "members") {
			s.add(n, n)
			want[n] = true
		}
		for _, n := range rapid.SliceOf(near).Draw(t, "without") {
			other.add(n, n+2)
			delete(want, n)
			delete(want, n+1)
			delete(want, n+2)
		}
		last := int64(-2)
		for r := range s.without(other) {
			require.Greater(t, r.from, last+1, "ranges are whole and in order")
			for n := r.from; n <= r.to; n++ {
				require.True(t, want[n])
				delete(want, n)
			}
			last = r.to
		}
		require.Empty(t, want)
	})
}
