package thaiid

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/gob"
	stdjson "encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// secrets are the clear values of an identity that nothing may show, in the
// forms in which Go prints text and bytes.
func secrets(t testing.TB, id *Identity) (out []string) {
	t.Helper()
	encoded, err := stdjson.Marshal(id.Document())
	require.NoError(t, err)
	var tree any
	require.NoError(t, stdjson.Unmarshal(encoded, &tree))
	public := []string{"0003", "image/jpeg", "day", "month", "year", "none", blankDate}
	for _, text := range texts(tree) {
		if slices.Contains(public, text) || len(text) < 6 && text != "male" {
			continue // "1" and "2021" are in any address or time of day
		}
		out = append(out, text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), fmt.Sprintf("% x", text),
			fmt.Sprintf("%+q", text)[1:len(fmt.Sprintf("%+q", text))-1], strings.Trim(fmt.Sprint([]byte(text)), "[]"))
	}
	photo := id.Photo.Bytes()
	head := photo[:24]
	out = append(out, string(head), fmt.Sprintf("%x", head), fmt.Sprintf("%X", head), strings.Trim(fmt.Sprint(head), "[]"),
		base64.StdEncoding.EncodeToString(photo)[:32])
	require.Greater(t, len(out), 100)
	return out
}

func assertShowsNothing(t testing.TB, secrets []string, text, how string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows %q", how, secret)
		}
	}
}

// everything is an identity and each personal thing in it, down to the last.
func everything(id *Identity) map[string]any {
	out := map[string]any{
		"identity": *id, "identity pointer": id, "document": id.Document(), "fields of all": []any{*id, id.Card, id.Name},
	}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		out[path] = v.Interface()
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		}
	}
	walk("Identity", reflect.ValueOf(*id))
	return out
}

// carrier is some other package's struct that keeps personal things in
// unexported fields, where package fmt calls no methods.
type carrier struct {
	id      CitizenID
	name    Names
	born    Date
	sex     Sex
	photo   Photo
	card    Card
	laser   LaserCode
	address Address
	nhso    *HealthRight
	whole   Identity
}

func TestNothingPersonalShowsHoweverItIsPrinted(t *testing.T) {
	id := mustRead(t, newCard(), AllFields()...)
	hiding := secrets(t, id)
	things := everything(id)
	things["carrier"] = carrier{id.CitizenID, id.Name, id.BirthDate, id.Sex, id.Photo, id.Card, id.LaserCode, id.Address, id.NHSO, *id}
	require.Greater(t, len(things), 50)

	for name, thing := range things {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%p", "%U", "%c", "%o"} {
			if verb == "%p" && name == "document" {
				continue // wrong for any struct, asks no method, and go vet refuses it
			}
			assertShowsNothing(t, hiding, fmt.Sprintf(verb, thing), name+" by "+verb)
		}
		assertShowsNothing(t, hiding, fmt.Sprint(thing)+fmt.Sprintln(thing), name+" by Print")
		assertShowsNothing(t, hiding, fmt.Errorf("wrapped: %v, %w", thing, errors.New("cause")).Error(), name+" in an error")
	}
}

func TestNothingPersonalShowsHoweverItIsLogged(t *testing.T) {
	id := mustRead(t, newCard(), AllFields()...)
	hiding := secrets(t, id)
	things := everything(id)
	for name, thing := range things {
		var out bytes.Buffer
		for _, handler := range []slog.Handler{
			slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil),
		} {
			log := slog.New(handler)
			log.Info("read", "thing", thing, slog.Group("group", "thing", thing))
			log.With("thing", thing).Info("read")
		}
		assertShowsNothing(t, hiding, out.String(), name+" by slog")
	}
}

func TestNothingPersonalShowsHoweverItIsMarshalled(t *testing.T) {
	id := mustRead(t, newCard(), AllFields()...)
	hiding := secrets(t, id)
	for name, thing := range everything(id) {
		if strings.HasPrefix(name, "document") {
			continue // the one clear form
		}
		for how, marshal := range map[string]func(any) ([]byte, error){
			"encoding/json":      stdjson.Marshal,
			"go-json-experiment": func(v any) ([]byte, error) { return json.Marshal(v) },
			"encoding/xml":       xml.Marshal,
			"encoding/gob": func(v any) ([]byte, error) {
				var out bytes.Buffer
				err := gob.NewEncoder(&out).Encode(v)
				return out.Bytes(), err
			},
			"MarshalText": func(v any) ([]byte, error) {
				if m, ok := v.(encoding.TextMarshaler); ok {
					return m.MarshalText()
				}
				return nil, nil
			},
		} {
			// Some can't be encoded at all, which shows nothing either.
			encoded, err := marshal(thing)
			assertShowsNothing(t, hiding, string(encoded)+fmt.Sprint(err), name+" by "+how)
		}
	}
}

func TestTheMaskIsTheSameForEveryValue(t *testing.T) {
	for _, thing := range []any{
		newText("สมชาย"), newText(""), Text{}, CitizenID{}, Date{}, Sex{}, Photo{}, LaserCode{newText("JT0123456789")}, Document{},
	} {
		assert.Equal(t, "[hidden]", fmt.Sprint(thing), "%T", thing)
		assert.Equal(t, "[hidden]", fmt.Sprintf("%#v", thing), "%T", thing)
	}
	assert.Equal(t, "[hidden]", newText("สมชาย").String())
	assert.Equal(t, "[hidden]", newText("สมชาย").GoString())
	encoded, err := json.Marshal(map[string]Text{"name": newText("สมชาย")})
	require.NoError(t, err)
	assert.Equal(t, `{"name":"[hidden]"}`, string(encoded))
}

// Errors of a read name parts and never hold what the card said.
func TestErrorsHoldNothingOfTheCard(t *testing.T) {
	id := mustRead(t, newCard(), AllFields()...)
	hiding := secrets(t, id)
	good := newCard()
	for at := 0; at < 0x017B; at++ {
		card := &testCard{moi: blocks{bytes.Clone(good.moi[0])}, direct: true}
		card.moi[0][at] = 0x07
		if _, err := Read(t.Context(), card, atr18, Options{Fields: TextFields()}); err != nil {
			assertShowsNothing(t, hiding, fmt.Sprintf("%v %+v %#v", err, err, err), "an error")
		}
	}
}
