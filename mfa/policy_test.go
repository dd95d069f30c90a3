package mfa_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/mfa"
)

func TestAPasswordIsRefusedWithItsReason(t *testing.T) {
	o := newOffice(t)
	for password, want := range map[string]mfa.PasswordReason{
		"":        mfa.PasswordTooShort,
		"k7#mQ2!": mfa.PasswordTooShort,
		"แมวน้ำ":  mfa.PasswordTooShort, // six letters and marks, one more after NFKC
		strings.Repeat("สิบเก้า", 40): mfa.PasswordTooLong,
		strings.Repeat("x7", 600):     mfa.PasswordTooLong,
		"tab\tinside it":              mfa.PasswordMalformed,
		"null\x00 inside":             mfa.PasswordMalformed,
		"half a sign \xe0\xb8":        mfa.PasswordMalformed,
		"malee.jaidee":                mfa.PasswordUserName,
		"Malee-Jaidee2567":            mfa.PasswordUserName,
		"เทศบาลตัวอย่าง":              mfa.PasswordAgency,
		"เทศบาลตัวอย่าง2569!":         mfa.PasswordAgency,
		"tuayang-town":                mfa.PasswordAgency,
		"g-mL[k]9;vpjk'":              "", // not the agency on another layout
		"31122525":                    mfa.PasswordNumber,
		"25251231":                    mfa.PasswordNumber,
		"29022535":                    mfa.PasswordNumber, // a leap day: 1992
		"12/03/2530":                  mfa.PasswordNumber,
		"๑๒๐๓๒๕๓๐":                    mfa.PasswordNumber,
		"081-234-5678":                mfa.PasswordNumber,
		"1101700230708":               mfa.PasswordNumber, // synthetic citizen number
		"1-1017-00230-70-8":           mfa.PasswordNumber,
		"12345678":                    mfa.PasswordPattern,
		"๑๒๓๔๕๖๗๘":                    mfa.PasswordPattern,
		"aaaaaaaaaa":                  mfa.PasswordPattern,
		"abcabcabcabc":                mfa.PasswordPattern,
		"กขคงกขคงกขคง":                mfa.PasswordPattern,
		"qwertyuiop":                  mfa.PasswordPattern,
		"asdfghjkl":                   mfa.PasswordPattern,
		"1qaz2wsx3edc":                mfa.PasswordPattern,
		"qwer1234":                    mfa.PasswordPattern,
		"0987654321":                  mfa.PasswordNumber,
		"9876543210":                  mfa.PasswordPattern,
		"ฟหกดเ้่าสว":                  mfa.PasswordPattern,
		"ๆไำพะัีรนยบล":                mfa.PasswordPattern,
		"chiangmai":                   mfa.PasswordPlace,
		"ChiangMai2567":               mfa.PasswordPlace,
		"นครศรีธรรมราช":               mfa.PasswordPlace,
		"!กรุงเทพ2568":                mfa.PasswordPlace,
		"password":                    mfa.PasswordCommon,
		"Password2567":                mfa.PasswordCommon,
		"P@ssw0rd":                    mfa.PasswordCommon,
		"p@$$w0rd!!":                  mfa.PasswordCommon,
		"admin1234":                   mfa.PasswordCommon,
		"1234admin":                   mfa.PasswordCommon,
		"passwordpassword":            mfa.PasswordCommon,
		"iloveyou2":                   mfa.PasswordCommon,
		"sawasdee2567":                mfa.PasswordCommon,
		"somchai1982":                 mfa.PasswordCommon,
		"สวัสดีครับ":                  mfa.PasswordCommon,
		"รักพ่อรักแม่":                mfa.PasswordCommon,
		"รักแม่2525":                  mfa.PasswordCommon,
		"บัตรประชาชน":                 mfa.PasswordCommon,
		"k0!Zw9-แมวสองตัวกับปลาหนึ่ง":   "",
		"correct horse battery staple":  "",
		"แมวสามตัวข้ามคลอง":             "",
		"my password is not chiangmai":  "", // a word in it is no word of it
		"73918264":                      "", // eight digits that are no date
		"Somchai ชอบกินทุเรียนหน้าร้อน": "",
	} {
		assert.Equal(t, want, refusedFor(o.CheckNewPassword(mfa.Hide(password), "malee.jaidee")), "%q", password)
	}
}

// Kedmanee, typed with the keyboard left on English, from the keys themselves.
func TestAThaiWordTypedOnTheEnglishLayoutIsRefused(t *testing.T) {
	o := newOffice(t)
	for typed, word := range map[string]string{
		"l;ylfu8iy[": "สวัสดีครับ", "iydgTv2567": "รักเธอ", "[y9ixit=k=o": "บัตรประชาชน", "g=up'.s,j": "เชียงใหม่",
		"!g=up'.s,j!": "เชียงใหม่", "di6'gmr2569": "กรุงเทพ", "0y's;yf": "จังหวัด",
	} {
		got := refusedFor(o.CheckNewPassword(mfa.Hide(typed+strings.Repeat("!", max(0, 8-len(typed)))), "malee"))
		assert.Contains(t, []mfa.PasswordReason{mfa.PasswordCommon, mfa.PasswordPlace}, got, "%q is %s", typed, word)
	}
	assert.Empty(t, refusedFor(o.CheckNewPassword(mfa.Hide("wjw,jsgji]k"), "malee")), "keys that make no word")
	// And the other way round: an English word with the keyboard left on Thai.
	for typed, word := range map[string]string{"ยฟหหไนพก": "password", "แ้รฟืเทฟร": "chiangmai", "รสนอำันี": "iloveyou"} {
		assert.NotEmpty(t, refusedFor(o.CheckNewPassword(mfa.Hide(typed), "malee")), "%q is %s", typed, word)
	}
}

func TestAPasswordIsOneWhateverTheKeyboardSends(t *testing.T) {
	o := newOffice(t)
	// The vowel am: one code point, or the two that it is made of. NFKC makes them
	// one; and the marks over a consonant come in one order.
	p := &person{name: "malee", password: "น้ำตกสามชั้นหลังบ้าน"}
	o.enrol(p, o.add("malee", mfa.RoleStaff))
	for _, same := range []string{
		p.password,
		strings.ReplaceAll(p.password, "\u0e33", "\u0e4d\u0e32"),
	} {
		_, err := o.tryPassword("malee", same)
		assert.NoError(t, err, "%+q", same)
	}
	wide := &person{name: "anan", password: "ｆｕｌｌ ｗｉｄｔｈ ｃａｔ"}
	o.enrol(wide, o.add("anan", mfa.RoleStaff))
	_, err := o.tryPassword("anan", "full width cat")
	assert.NoError(t, err)
	for _, other := range []string{"Full width cat", "full width cat ", "full width ca", " full width cat"} {
		_, err := o.tryPassword("anan", other)
		assert.ErrorIs(t, err, mfa.ErrLoginFailed, "%q: nothing is trimmed, folded or cut", other)
		require.NoError(t, o.UnlockUser(t.Context(), mfa.ByOS("0"), "anan"))
	}
}

func TestLongPasswordsAreTakenAndVerifiedWhole(t *testing.T) {
	o := newOffice(t)
	base := strings.Repeat("แมวสามตัวข้ามคลอง ", 14)
	longest := string([]rune(base + "กขคงจฉชซฌญ")[:mfa.PasswordMax])
	p := &person{name: "malee", password: longest}
	o.enrol(p, o.add("malee", mfa.RoleStaff))
	o.half(p)
	runes := []rune(longest)
	_, err := o.tryPassword("malee", string(runes[:len(runes)-1]))
	assert.ErrorIs(t, err, mfa.ErrLoginFailed, "the last sign counts")
	assert.NoError(t, o.CheckNewPassword(mfa.Hide(string([]rune(base)[:64])), "malee"), "64 at least are taken")
	assert.Equal(t, mfa.PasswordTooLong, refusedFor(o.CheckNewPassword(mfa.Hide(longest+"x"), "malee")))
}

func TestARandomPasswordIsHardlyEverRefused(t *testing.T) {
	o := newOffice(t)
	rapid.Check(t, func(t *rapid.T) {
		signs := []rune("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789กขคงจชซดตถทนบปผพฟมยรลวสหอ")
		password := string(rapid.SliceOfN(rapid.SampledFrom(signs), 14, 30).Draw(t, "password"))
		if strings.Count(password, password[:1]) > len(password)/2 {
			return // shrinking towards one letter over and over
		}
		switch r := refusedFor(o.CheckNewPassword(mfa.Hide(password), "malee")); r {
		case "", mfa.PasswordPattern:
		default:
			t.Fatalf("%q refused: %s", password, r)
		}
	})
}

func TestAnUnchangedPasswordIsRefused(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	for range 10 { // nor does that cost a try
		_, err := o.ChangePassword(t.Context(), e.Token, mfa.Hide(p.password), mfa.Hide(p.password))
		require.Equal(t, mfa.PasswordUnchanged, refusedFor(err))
		_, err = o.ChangePassword(t.Context(), e.Token, mfa.Hide(p.password), mfa.Hide("password"))
		require.Equal(t, mfa.PasswordCommon, refusedFor(err))
	}
	e, err := o.ChangePassword(t.Context(), e.Token, mfa.Hide(p.password), mfa.Hide("ปลาสี่ตัวในบ่อหลังบ้าน"))
	require.NoError(t, err)
	_, err = o.tryPassword("malee", p.password)
	assert.ErrorIs(t, err, mfa.ErrLoginFailed)
	p.password = "ปลาสี่ตัวในบ่อหลังบ้าน"
	o.half(p)
	assert.Equal(t, mfa.StateActive, o.session(e).State)
}

func TestEveryReasonIsListed(t *testing.T) {
	assert.Len(t, mfa.PasswordReasons(), 10)
	assert.ElementsMatch(t, mfa.PasswordReasons(), []mfa.PasswordReason{
		mfa.PasswordMalformed, mfa.PasswordTooShort, mfa.PasswordTooLong, mfa.PasswordUserName, mfa.PasswordAgency,
		mfa.PasswordNumber, mfa.PasswordPattern, mfa.PasswordPlace, mfa.PasswordCommon, mfa.PasswordUnchanged,
	})
}
