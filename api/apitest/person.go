package apitest

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// Person is a synthetic user with a phone in the pocket and a list of codes in
// the drawer.
type Person struct {
	office         *Office
	Name, Password string
	Secret         mfa.Secret
	BackupCodes    []string
	shown          int64 // step of the last code
}

// Password is everybody's.
const Password = "แมวสามตัวข้ามคลอง"

// Invite makes an account that is not enrolled, and gives its grant.
func (o *Office) Invite(name string, role mfa.Role) mfa.Invitation {
	o.Helper()
	invitation, err := o.MFA.AddUser(o.Context(), mfa.ByOS("0"), name, role)
	require.NoError(o, err)
	return invitation
}

// Enrolled makes an account and goes through its enrolment.
func (o *Office) Enrolled(name string, role mfa.Role) *Person {
	o.Helper()
	grant := o.Invite(name, role).Grant
	p := &Person{office: o, Name: name, Password: Password}
	key, err := o.MFA.StartEnrolment(o.Context(), grant, mfa.Hide(p.Password))
	require.NoError(o, err)
	p.Secret = key.Secret
	codes, err := o.MFA.FinishEnrolment(o.Context(), grant, mfa.Hide(p.Code()))
	require.NoError(o, err)
	for _, c := range codes {
		p.BackupCodes = append(p.BackupCodes, c.Reveal())
	}
	return p
}

// Code is what the person's app shows; the clock moves on to the next code when
// this one was used already.
func (p *Person) Code() string {
	if mfa.Step(p.office.Clock.Now()) <= p.shown {
		p.office.Clock.Forward(mfa.StepLength)
	}
	p.shown = mfa.Step(p.office.Clock.Now())
	return p.CodeAt(0)
}

// CodeAt is the code some steps before or after now, used or not.
func (p *Person) CodeAt(offset int64) string {
	code, err := mfa.Code(p.Secret, mfa.StepStart(mfa.Step(p.office.Clock.Now())+offset))
	require.NoError(p.office, err)
	return code.Reveal()
}

// WrongCode is six digits that no step around now has.
func (p *Person) WrongCode() string {
	for n := 0; ; n++ {
		code := fmt.Sprintf("%06d", n)
		if _, ok := mfa.Match(p.Secret, code, p.office.Clock.Now(), 0); !ok {
			return code
		}
	}
}

// Login logs in below HTTP, with both factors, and so takes the desk.
func (p *Person) Login() mfa.Entry {
	p.office.Helper()
	return p.LoginWith(p.Code())
}

// LoginWith is [Person.Login] with that code.
func (p *Person) LoginWith(code string) mfa.Entry {
	o := p.office
	o.Helper()
	half, err := o.MFA.Login(o.Context(), mfa.Login{UserName: p.Name, Password: mfa.Hide(p.Password), Address: "127.0.0.1", Agent: "test browser"})
	require.NoError(o, err)
	entry, err := o.MFA.GiveTOTP(o.Context(), half.Token, mfa.Hide(code))
	require.NoError(o, err)
	return entry
}

// Carrying is a person who has put that key into an app by another way.
func (o *Office) Carrying(name string, secret mfa.Secret) *Person {
	return &Person{office: o, Name: name, Password: Password, Secret: secret}
}
