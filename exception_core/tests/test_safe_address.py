"""Which addresses are called, and which never."""

from odoo.tests import BaseCase

from ..tools import safe_address

PUBLIC = "93.184.216.34"


class TestSafeAddress(BaseCase):
    """What is refused before anything is looked up, and what a name must not lead to."""

    def _refused(self, url, **options):
        with self.assertRaises(safe_address.Refused, msg=url):
            safe_address.parse(url, **options)

    def test_addresses_of_the_web(self):
        target = safe_address.parse("https://Hooks.Example.com/a?b=1#c")
        self.assertEqual(target.authority, "hooks.example.com")
        self.assertEqual((target.port, target.path), (443, "/a?b=1"))
        self.assertEqual(
            safe_address.parse("https://h.example.com:8443/").authority, "h.example.com:8443"
        )
        self.assertEqual(safe_address.parse("https://[2606:4700::1]:8443/").host, "2606:4700::1")
        self.assertEqual(safe_address.parse("http://a.example.com", allow_http=True).port, 80)

    def test_odd_addresses(self):
        for url in (
            "",
            "hooks.example.com",
            "http://hooks.example.com",
            "file:///etc/passwd",
            "gopher://example.com",
            "https://",
            "https:///x",
            "https://user@example.com",
            "https://user:word@example.com",
            "https://example.com@10.0.0.1/",
            "https://example.com\\@10.0.0.1/",
            "https://exam ple.com",
            "https://example.com/\r\nHost: x",
            "https://example.com/\ta",
            "https://exämple.com",
            "https://example.com%2f.org/",
            "https://example%2ecom/",
            "https://example..com/",
            "https://example.com:0/",
            "https://example.com:22/",
            "https://example.com:25/",
            "https://example.com:70000/",
            "https://example.com:x/",
            "https://[fe80::1%25eth0]/",
            "https://[::1/",
            "https://" + "a" * 3000 + ".com",
        ):
            self._refused(url)

    def test_numbers_in_disguise(self):
        for host in (
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.1",
            "127.0.1",
            "1.2.3.4.5",
            "0x",
            "127.0.0.01",
            "a.0x7f",
            "127.0.0.1.",
        ):
            with self.subTest(host):
                try:
                    target = safe_address.parse(f"https://{host}/")
                except safe_address.Refused:
                    continue
                self.assertTrue(safe_address.refuse_address(target.host), host)

    def test_where_names_must_not_lead(self):
        for address in (
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "100.100.100.200",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:93.184.216.34",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "fc00::1",
            "fd00:ec2::254",
            "fd00:c1::a9fe:a9fe",
            "fd00:42::42",
            "fd20:ce::254",
            "168.63.129.16",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ):
            self.assertTrue(safe_address.refuse_address(address), address)
        for address in (PUBLIC, "1.1.1.1", "2606:4700:4700::1111"):
            self.assertIsNone(safe_address.refuse_address(address), address)

    def test_private_ones_when_allowed_but_never_metadata(self):
        for address in ("10.1.2.3", "127.0.0.1", "192.168.1.1", "::1", "fc00::1", "100.64.0.1"):
            self.assertIsNone(safe_address.refuse_address(address, allow_private=True), address)
        for address in (
            "169.254.169.254",
            "fd00:ec2::254",
            "fd00:c1::a9fe:a9fe",
            "fd00:42::42",
            "fd20:ce::254",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fe80::1",
            "0.0.0.0",
            "::ffff:10.0.0.1",
            "224.0.0.1",
        ):
            self.assertTrue(safe_address.refuse_address(address, allow_private=True), address)
