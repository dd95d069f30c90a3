package issuer

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The example of thai-id-card §11.
const exampleAnswer = `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>
  <CheckCardByCIDResponse xmlns="http://tempuri.org/">
    <CheckCardByCIDResult><IsError>false</IsError><ErrorMessage/><Code>0</Code><Desc>สถานะปกติ</Desc></CheckCardByCIDResult>
  </CheckCardByCIDResponse>
</soap:Body></soap:Envelope>
`

// saying is the example with other members.
func saying(members string) string {
	start := strings.Index(exampleAnswer, "<IsError>")
	end := strings.Index(exampleAnswer, "</CheckCardByCIDResult>")
	return exampleAnswer[:start] + members + exampleAnswer[end:]
}

func members(isError, code, desc string) string {
	return "<IsError>" + isError + "</IsError><ErrorMessage/><Code>" + code + "</Code><Desc>" + desc + "</Desc>"
}

func TestTheExampleOfTheSharedPageIsRead(t *testing.T) {
	r, err := parse([]byte(exampleAnswer), "CheckCardByCID")
	require.NoError(t, err)
	assert.Equal(t, result{isError: "false", code: "0", desc: "สถานะปกติ"}, r)
}

func TestPrefixesVersionsAndWhiteSpaceMakeNoDifference(t *testing.T) {
	want := result{isError: "false", code: "0", desc: "สถานะปกติ"}
	for name, answer := range map[string]string{
		"SOAP 1.1":        strings.Replace(exampleAnswer, envelope12, envelope11, 1),
		"other prefix":    strings.ReplaceAll(strings.ReplaceAll(exampleAnswer, "soap:", "S:"), ":soap=", ":S="),
		"no prefix":       strings.ReplaceAll(strings.ReplaceAll(exampleAnswer, "soap:", ""), "xmlns:soap=", "xmlns="),
		"prefix inside":   strings.NewReplacer("<Check", "<t:Check", "</Check", "</t:Check", "<IsE", "<t:IsE", "</IsE", "</t:IsE", "<Code", "<t:Code", "</Code", "</t:Code", "<Desc", "<t:Desc", "</Desc", "</t:Desc", "xmlns=\"http://tempuri", "xmlns:t=\"http://tempuri").Replace(exampleAnswer),
		"white space":     saying(members(" false ", "\n0\t", "\r\n สถานะปกติ ")),
		"comments":        strings.ReplaceAll(saying(members("<!-- -->false", "0<!-- -->", "สถานะปกติ")), "<soap:Body>", "<!-- --><soap:Body>"),
		"a header":        strings.Replace(exampleAnswer, "<soap:Body>", "<soap:Header><x><y/></x></soap:Header><soap:Body>", 1),
		"one member new":  saying(members("false", "0", "สถานะปกติ") + "<More><And>1</And></More>"),
		"another order":   saying("<Desc>สถานะปกติ</Desc><Code>0</Code><IsError>false</IsError>"),
		"no XML line":     strings.TrimPrefix(exampleAnswer, `<?xml version="1.0" encoding="utf-8"?>`),
		"as characters":   saying(members("f&#97;lse", "&#48;", "<![CDATA[สถานะปกติ]]>")),
		"in ErrorMessage": saying("<IsError>false</IsError><ErrorMessage>สถานะปกติ</ErrorMessage><Code>0</Code><Desc/>"),
	} {
		r, err := parse([]byte(answer), "CheckCardByCID")
		require.NoError(t, err, name)
		assert.Equal(t, want, r, name)
	}
}

func TestWhatIsNoAnswerIsRefusedAndNeverQuoted(t *testing.T) {
	deep := strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth)
	for name, answer := range map[string]string{
		"nothing":             "",
		"white space":         "  \n",
		"text":                "0",
		"JSON":                `{"IsError":false,"Code":0}`,
		"a web page":          "<!DOCTYPE html><html><body>SECRET</body></html>",
		"half an answer":      exampleAnswer[:len(exampleAnswer)/2],
		"without its end":     strings.TrimSuffix(strings.TrimSpace(exampleAnswer), ">"),
		"two answers":         exampleAnswer + strings.TrimPrefix(exampleAnswer, `<?xml version="1.0" encoding="utf-8"?>`),
		"text behind it":      exampleAnswer + "SECRET",
		"another operation":   strings.ReplaceAll(exampleAnswer, "ByCID", "ByLaser"),
		"another namespace":   strings.Replace(exampleAnswer, "http://tempuri.org/", "http://tempuri.org", 1),
		"another envelope":    strings.Replace(exampleAnswer, envelope12, envelope12+"/", 1),
		"no envelope":         `<CheckCardByCIDResponse xmlns="http://tempuri.org/"><CheckCardByCIDResult>` + members("false", "0", "") + `</CheckCardByCIDResult></CheckCardByCIDResponse>`,
		"two bodies":          strings.Replace(exampleAnswer, "</soap:Body>", "</soap:Body><soap:Body/>", 1),
		"a second result":     strings.Replace(exampleAnswer, "</CheckCardByCIDResult>", "</CheckCardByCIDResult><CheckCardByCIDResult/>", 1),
		"IsError twice":       saying("<IsError>true</IsError>" + members("false", "0", "")),
		"Code twice":          saying("<Code>4</Code>" + members("false", "0", "")),
		"no IsError":          saying("<Code>0</Code>"),
		"no Code":             saying("<IsError>false</IsError>"),
		"nil Code":            saying(`<IsError>false</IsError><Code xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>`),
		"IsError 0":           saying(members("0", "0", "")),
		"IsError False":       saying(members("False", "0", "")),
		"Code 00":             saying(members("false", "00", "")),
		"Code +0":             saying(members("false", "+0", "")),
		"Code -0":             saying(members("false", "-0", "")),
		"Code 0.0":            saying(members("false", "0.0", "")),
		"Code in Thai":        saying(members("false", "๐", "")),
		"Code with a space":   saying(members("false", "0 0", "")),
		"Code beyond":         saying(members("false", "99999999999", "")),
		"no-break space":      saying(members("false", "&#160;0", "")),
		"an element in Code":  saying("<IsError>false</IsError><Code>0<b/></Code>"),
		"a DTD":               strings.Replace(exampleAnswer, "<soap:Envelope", "<!DOCTYPE a [<!ENTITY b \"0\">]><soap:Envelope", 1),
		"an unknown entity":   saying(members("false", "&SECRET;", "")),
		"an instruction":      strings.Replace(exampleAnswer, "<soap:Body>", "<?SECRET?><soap:Body>", 1),
		"other encoding":      strings.Replace(exampleAnswer, "utf-8", "windows-874", 1),
		"invalid UTF-8":       saying(members("false", "0", "\xff")),
		"controls":            saying(members("false", "0", "\x01")),
		"too deep":            saying(members("false", "0", "") + deep),
		"too many":            saying(members("false", "0", "") + strings.Repeat("<a/>", maxTokens)),
		"other name's bounds": strings.Replace(exampleAnswer, "<soap:Envelope ", "<soap:Envelope SECRET ", 1),
	} {
		_, err := parse([]byte(answer), "CheckCardByCID")
		require.ErrorIs(t, err, ErrAnswer, name)
		assert.NotContains(t, err.Error(), "SECRET", name)
	}
}

func TestAFaultIsReadInBothVersions(t *testing.T) {
	for _, fault := range []string{
		`<s:Envelope xmlns:s="` + envelope11 + `"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring> no database </faultstring><detail><a/></detail></s:Fault></s:Body></s:Envelope>`,
		`<s:Envelope xmlns:s="` + envelope12 + `"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en">no database</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
	} {
		r, err := parse([]byte(fault), "CheckCardByCID")
		require.NoError(t, err)
		assert.Equal(t, result{fault: true, desc: "no database"}, r)
	}
	// A fault's name in another namespace, or beside an answer, is no fault.
	_, err := parse([]byte(`<s:Envelope xmlns:s="`+envelope12+`"><s:Body><Fault/></s:Body></s:Envelope>`), "CheckCardByCID")
	require.ErrorIs(t, err, ErrAnswer)
	_, err = parse([]byte(strings.Replace(exampleAnswer, "</soap:Body>", "<soap:Fault/></soap:Body>", 1)), "CheckCardByCID")
	require.ErrorIs(t, err, ErrAnswer)
}

// Every row of thai-id-card §11, and what is in none.
func TestEveryCodeHasItsOutcome(t *testing.T) {
	for _, row := range []struct {
		isError, code string
		want          Outcome
		why           string
	}{
		{"false", "0", Passed, "normal"},
		{"true", "2", Failed, "moved, as seen through DGA"},
		{"false", "2", Failed, "no source shows IsError beside it"},
		{"true", "4", Failed, "no such laser code, or data differ"},
		{"true", "5", Indeterminate, "a field was empty"},
		{"true", "1", Indeterminate, "unknown"},
		{"true", "3", Indeterminate, "unknown"},
		{"true", "6", Indeterminate, "unknown"},
		{"true", "-1", Indeterminate, "unknown"},
		{"true", "999999999", Indeterminate, "unknown"},
		{"true", "0", Indeterminate, "contradiction: an error, and normal"},
		{"false", "1", Indeterminate, "unknown"},
		{"false", "4", Indeterminate, "contradiction: no error, and bad"},
		{"false", "5", Indeterminate, "contradiction: no error, and bad"},
	} {
		r, err := parse([]byte(saying(members(row.isError, row.code, "x"))), "CheckCardByCID")
		require.NoError(t, err)
		assert.Equal(t, row.want, judge(r), "%s %s: %s", row.isError, row.code, row.why)
	}
}

func TestEveryRowOfTheTableSaysWhereItIsFrom(t *testing.T) {
	for _, v := range verdicts() {
		assert.NotEmpty(t, v.source, v.code)
		assert.NotEmpty(t, v.meaning, v.code)
		assert.Equal(t, v.code == "0" && v.isError == "false", v.outcome == Passed, "one row passes, and no other")
	}
}

func TestNothingPassesButNoErrorWithCodeZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := result{
			fault:   rapid.Bool().Draw(t, "fault"),
			isError: rapid.SampledFrom([]string{"true", "false", "", "0", "False"}).Draw(t, "is error"),
			code:    rapid.OneOf(rapid.SampledFrom([]string{"0", "1", "2", "3", "4", "5", "", "00", "-0"}), rapid.StringMatching(`-?[0-9]{1,9}`)).Draw(t, "code"),
		}
		assert.Equal(t, r.isError == "false" && r.code == "0", judge(r) == Passed)
	})
}

// Seeds are written by hand; more lie in testdata/fuzz. What must hold is in
// agent-security §12.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		exampleAnswer, strings.Replace(exampleAnswer, envelope12, envelope11, 1),
		saying(members("true", "4", "สถานะไม่ปกติ => ข้อมูลไม่ตรง")), saying(members("true", "0", "")), saying(members("true", "7", "&lt;")),
		`<s:Envelope xmlns:s="` + envelope11 + `"><s:Body><s:Fault><faultstring>x</faultstring></s:Fault></s:Body></s:Envelope>`,
		"<!DOCTYPE html><html></html>", "<!DOCTYPE a [<!ENTITY b \"&b;&b;\">]><a>&b;</a>", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		r, err := parse(answer, "CheckCardByCID")
		if err != nil {
			require.ErrorIs(t, err, ErrAnswer)
			require.Equal(t, result{}, r)
			return
		}
		known := r.code == "0" || r.code == "2" || r.code == "4" || r.code == "5"
		switch judge(r) {
		case Passed:
			require.Equal(t, result{isError: "false", code: "0", desc: r.desc}, r)
			// A second reader, which knows nothing of namespaces and nesting,
			// must find the same words in it, unless they are written in pieces.
			if plain := strings.Join(strings.Fields(string(answer)), ""); !strings.ContainsAny(plain, "&!") {
				require.Contains(t, plain, ">false</")
				require.Contains(t, plain, ">0</")
			}
		case Failed:
			require.True(t, known, "an unknown code is indeterminate")
		case Indeterminate:
		default:
			require.Fail(t, "no such outcome")
		}
		checkWords(t, words(r.desc, question{}))
	})
}

func TestTheCorpusOfTheFuzzTestIsThere(t *testing.T) {
	seeds, err := os.ReadDir("testdata/fuzz/FuzzAnswer")
	require.NoError(t, err)
	assert.NotEmpty(t, seeds)
	assert.LessOrEqual(t, len(seeds), 25, fmt.Sprint("few enough to read: ", len(seeds)))
}
