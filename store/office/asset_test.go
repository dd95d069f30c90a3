package office_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/job"
)

func TestA05CoverageNamesWhatWasNeverScanned(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"share/a.txt": somchai, "api.json": openAPI})
	assets := []exposure.Asset{
		{Name: "เว็บไซต์", Owner: "นายสมชาย ใจดี", Targets: []string{"www.agency.test"}, Classes: []exposure.Class{detect.Name}, Processor: "ผู้ให้บริการ จำกัด"},
		{Name: "โฟลเดอร์กลาง", Owner: "กองคลัง", Targets: []string{dir + "/share", dir + "/other"}, Classes: []exposure.Class{}},
	}
	require.NoError(t, a.assets.Save(t.Context(), officer, assets, a.clock()))
	list, err := a.assets.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, assets, list)
	never := func() (out []string) {
		coverage, err := a.assets.Coverage(t.Context())
		require.NoError(t, err)
		require.Len(t, coverage, 3)
		for _, c := range exposure.NeverScanned(coverage) {
			out = append(out, c.Target)
		}
		return out
	}
	assert.Equal(t, []string{"www.agency.test", dir + "/share", dir + "/other"}, never())
	s, err := a.runner.Begin(t.Context(), officer, a.plan(dir+"/share", home)) // the site has no first page
	require.NoError(t, err)
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.ErrorIs(t, err, job.ErrIncomplete)
	assert.Len(t, never(), 3, "a scan that did not get to its end covers nothing")
	a.scan(dir + "/share")
	assert.Equal(t, []string{"www.agency.test", dir + "/other"}, never())
	a.scan("openapi:" + dir + "/api.json")
	assert.Equal(t, []string{dir + "/other"}, never(), "an API is covered by a scan of its whole document")

	changed := []exposure.Asset{assets[1], {Name: "ใหม่", Owner: "กองช่าง", Targets: []string{"x.test"}, Classes: []exposure.Class{}}}
	changed[0].Owner = "กองช่าง"
	require.NoError(t, a.assets.Save(t.Context(), officer, changed, a.clock()))
	entries := a.entries(audit.KindAssetsChanged)
	require.Len(t, entries, 2)
	assert.Equal(t, map[string]string{"assets": "2", "added": "1", "removed": "1", "changed": "1"}, entries[1].Attributes)
}

func TestAnAssetThatHoldsPersonalDataIsRefusedAndChangesNothing(t *testing.T) {
	a := newAgency(t)
	good := exposure.Asset{Name: "เว็บไซต์", Owner: "กองช่าง", Targets: []string{"www.agency.test"}}
	require.NoError(t, a.assets.Save(t.Context(), officer, []exposure.Asset{good}, a.clock()))
	for name, change := range map[string]func(*exposure.Asset){
		"no name":             func(x *exposure.Asset) { x.Name = " " },
		"no owner":            func(x *exposure.Asset) { x.Owner = "" },
		"no target":           func(x *exposure.Asset) { x.Targets = nil },
		"an empty target":     func(x *exposure.Asset) { x.Targets = []string{""} },
		"a number in a name":  func(x *exposure.Asset) { x.Name = "โฟลเดอร์ของ 1101700230708" },
		"a number in a path":  func(x *exposure.Asset) { x.Targets = []string{"/data/1-1017-00230-70-8"} },
		"a number in percent": func(x *exposure.Asset) { x.Targets = []string{"http://x.test/%31%31%30%31%37%30%30%32%33%30%37%30%38"} },
		"an owner's number":   func(x *exposure.Asset) { x.Owner = "นายสมชาย ใจดี 1101700230708" },
		"an unknown class":    func(x *exposure.Asset) { x.Classes = []exposure.Class{"horoscope"} },
	} {
		bad := good
		change(&bad)
		err := a.assets.Save(t.Context(), officer, []exposure.Asset{bad}, a.clock())
		require.ErrorIs(t, err, job.ErrAssetInvalid, name)
		assert.NotContains(t, err.Error(), "1101700230708")
	}
	require.ErrorIs(t, a.assets.Save(t.Context(), officer, []exposure.Asset{good, good}, a.clock()), job.ErrAssetInvalid, "twice")
	list, err := a.assets.List(t.Context())
	require.NoError(t, err)
	assert.Len(t, list, 1)
	assert.Len(t, a.entries(audit.KindAssetsChanged), 1)
	a.keepsNone("1101700230708")
}
