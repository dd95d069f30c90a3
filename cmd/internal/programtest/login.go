package programtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// PasswordInTests is everybody's. People are told apart by their names, which
// no two have alike.
const PasswordInTests = "แมวสามตัวข้ามคลอง"

// Own posts JSON as a page of the agent's own does, and demands a status.
func (v *Visitor) Own(url, path, body string, status int) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	v.Dress(r)
	res, err := Client().Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	v.remember(res, answer)
	if res.StatusCode != status {
		return "", fmt.Errorf("POST %s: %s: %s", path, res.Status, answer)
	}
	return string(answer), nil
}

// enrolCmd is a whole enrolment: enrol NAME URL GRANT. The app is called NAME.
func enrolCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: enrol NAME URL GRANT")
	}
	b, name, url, grant := BenchOf(ts), args[0], args[1], args[2]
	phone, err := b.visitor(name).Enrol(url, grant)
	ts.Check(err)
	b.apps[name] = phone
}

// Enrol does a whole enrolment, and gives the app.
func (v *Visitor) Enrol(url, grant string) (*App, error) {
	answer, err := v.Own(url, "/v1/enrolments", fmt.Sprintf(`{"grant":%q,"password":%q}`, grant, PasswordInTests), http.StatusOK)
	if err != nil {
		return nil, err
	}
	phone, err := AppWith(answer)
	if err != nil {
		return nil, err
	}
	code, err := phone.Next()
	if err != nil {
		return nil, err
	}
	answer, err = v.Own(url, "/v1/enrolments/confirm", fmt.Sprintf(`{"grant":%q,"code":%q}`, grant, code), http.StatusOK)
	if err != nil {
		return nil, err
	}
	var paper struct {
		BackupCodes []string `json:"backup_codes"`
	}
	err = json.Unmarshal([]byte(answer), &paper)
	v.Codes = paper.BackupCodes
	return phone, err
}

// loginCmd is a whole login with password and app: login NAME URL.
func loginCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || BenchOf(ts).apps[args[0]] == nil {
		ts.Fatalf("usage: login NAME URL, after enrol NAME …")
	}
	b, name, url := BenchOf(ts), args[0], args[1]
	v := b.visitor(name)
	ts.Check(v.GivePassword(url, name))
	code, err := b.apps[name].Next()
	ts.Check(err)
	_, err = v.Own(url, "/v1/sessions/current/totp", fmt.Sprintf(`{"code":%q}`, code), http.StatusOK)
	ts.Check(err)
}

// GivePassword begins a login.
func (v *Visitor) GivePassword(url, name string) error {
	v.Cookies, v.csrf = map[string]string{}, ""
	_, err := v.Own(url, "/v1/sessions", fmt.Sprintf(`{"username":%q,"password":%q}`, name, PasswordInTests), http.StatusOK)
	return err
}
