package audit

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// The reference tree of Certificate Transparency: leaves, roots by size, and the
// published proofs (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc,
// and transparency-dev/merkle, testonly/constants.go; RFC 6962 §2.1).
var (
	ctLeaves = []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	ctRoots  = []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
	ctInclusion = []struct {
		number, size int64
		path         []string
	}{
		{0, 1, nil},
		{0, 8, []string{
			"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
		}},
		{5, 8, []string{
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
			"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
			"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		}},
		{2, 3, []string{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
		{1, 5, []string{
			"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		}},
	}
	ctGrowth = []struct {
		from, to int64
		path     []string
	}{
		{1, 1, nil},
		{1, 8, []string{
			"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
		}},
		{6, 8, []string{
			"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
			"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
			"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		}},
		{2, 5, []string{
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		}},
	}
)

func unhex(t *testing.T, s string) (h tlog.Hash) {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	require.Len(t, b, tlog.HashSize)
	return tlog.Hash(b)
}

func unhexAll(t *testing.T, list []string) []tlog.Hash {
	t.Helper()
	out := []tlog.Hash{}
	for _, s := range list {
		out = append(out, unhex(t, s))
	}
	return out
}

func TestTheTreeIsThatOfCertificateTransparency(t *testing.T) {
	var (
		tree   edge
		stored hashSlice
		leaves []tlog.Hash
	)
	assert.Equal(t, unhex(t, ctRoots[0]), tree.head().Root)
	for i, leaf := range ctLeaves {
		data, err := hex.DecodeString(leaf)
		require.NoError(t, err)
		leaves = append(leaves, tlog.RecordHash(data))
		stored = append(stored, tree.add(leaves[i])...)
		assert.Equal(t, Head{Size: int64(i + 1), Root: unhex(t, ctRoots[i+1])}, tree.head())
	}
	head := func(size int64) Head { return Head{Size: size, Root: unhex(t, ctRoots[size])} }
	for _, v := range ctInclusion {
		p, err := ProveInclusion(v.size, v.number, stored)
		require.NoError(t, err)
		assert.Equal(t, unhexAll(t, v.path), p.Path, "entry %d of %d", v.number, v.size)
		assert.NoError(t, p.Check(head(v.size), leaves[v.number]))
	}
	for _, v := range ctGrowth {
		p, err := ProveGrowth(v.from, v.to, stored)
		require.NoError(t, err)
		assert.Equal(t, unhexAll(t, v.path), p.Path, "from %d to %d", v.from, v.to)
		assert.NoError(t, p.Check(head(v.from), head(v.to)))
	}
}

// hashSlice is stored hashes in memory.
type hashSlice []tlog.Hash

func (s hashSlice) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = s[index]
	}
	return out, nil
}
