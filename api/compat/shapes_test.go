package compat_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, []byte(got), "", "  "))
	out.WriteByte('\n')
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), out.String())
}

// shaped are people whose cards differ in what the two shapes do something with.
var shaped = []string{"default", "sparse", "year-only", "month-only", "lifelong", "blank-expiry", "long-address", "middle-name", "no-english-name", "version-2", "pink-card"}

// withoutPhoto keeps the golden files readable; the photo has a test of its own.
func withoutPhoto() []string {
	var names []string
	for _, f := range everything() {
		if f != "photo" {
			names = append(names, f)
		}
	}
	return names
}

func TestEachPersonInBothShapes(t *testing.T) {
	r := start(t, "")
	r.grant(site, withoutPhoto(), proofing.AskNever)
	r.grant(other, withoutPhoto(), proofing.AskNever)
	s := r.connect(other)
	r.arm(other)
	for _, person := range shaped {
		t.Run(person, func(t *testing.T) {
			r.insert(person)
			require.Equal(t, insertedFrame, s.next())
			golden(t, "go-thai-"+person+".json", s.next())
			a := r.raw(nhso, get(readImage, fromSite))
			require.Equal(t, 200, a.status, a.body)
			golden(t, "nhso-"+person+".json", a.body)
			r.remove()
			require.Equal(t, removedFrame, s.next())
		})
	}
}

// The sample of thai-id-card §13.2, member by member and in its order, with the
// dates that this card has.
func TestTheDefaultPersonIsTheSampleOfVersion1(t *testing.T) {
	r := start(t, "")
	r.grant(site, withoutPhoto(), proofing.AskNever)
	s := r.connect(site)
	r.arm(site)
	r.insert("default")
	s.next()
	assert.Equal(t, `{"event":"smc-data","payload":{"personal":{"cid":"1101700230708",`+
		`"name":{"prefix":"นาย","first_name":"สมชาย","middle_name":"","last_name":"ใจดี","full_name":"นายสมชาย ใจดี"},`+
		`"name_eng":{"prefix":"Mr.","first_name":"Somchai","middle_name":"","last_name":"Jaidee","full_name":"Mr.Somchai Jaidee"},`+
		`"dob":"1982-12-31","gender":"1","card_issuer":"อำเภอบ้านลาด/เพชรบุรี","issue_date":"2024-01-15","expire_date":"2032-12-30",`+
		`"address":{"house_no":"99/9","moo":"3","soi":"","street":"","subdistrict":"หนองกะปุ","district":"บ้านลาด","province":"เพชรบุรี","address":"99/9 หมู่ที่ 3 ตำบลหนองกะปุ อำเภอบ้านลาด จังหวัดเพชรบุรี"}},`+
		`"card":{"laser_id":"JT1234567890"},`+
		`"nhso":{"main_inscl":"สิทธิหลักประกันสุขภาพแห่งชาติ","sub_inscl":"ช่วงอายุ 12-59 ปี","main_hospital":"โรงพยาบาลตัวอย่าง","sub_hospital":"โรงพยาบาลส่งเสริมสุขภาพตำบลตัวอย่าง",`+
		`"paid_type":"1","issue_date":"2024-01-15","expire_date":"2032-12-30","update_date":"2024-01-15","change_hospital_amount":"0"}}}`, s.next())
}

// By default neither laser code nor health right are granted, and the photo comes
// as base64 without a prefix.
func TestAnEverydaySiteGetsNoLaserCodeAndNoHealthRight(t *testing.T) {
	r := start(t, "")
	s := r.connect(site)
	r.arm(site)
	r.insert("default")
	s.next()
	var f struct {
		Payload struct {
			Personal map[string]any
			Card     any
			NHSO     any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(s.next()), &f))
	assert.Nil(t, f.Payload.Card)
	assert.Nil(t, f.Payload.NHSO)
	photo, err := base64.StdEncoding.DecodeString(f.Payload.Personal["base64_img"].(string))
	require.NoError(t, err)
	assert.Len(t, photo, 4096)
	assert.Len(t, f.Payload.Personal, 10)

	var person struct{ Image []byte }
	r.grant(other, everyday, proofing.AskNever)
	require.NoError(t, json.Unmarshal([]byte(r.raw(nhso, get(readImage, fromOther)).body), &person))
	assert.True(t, bytes.Equal(photo, person.Image), "the same photo by the other port")
}
