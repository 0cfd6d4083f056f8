//! What people sign with their wallets for others to send: readable text, and its signature.

use crate::AccountId;
use ink::{
    env::hash::Blake2x256,
    prelude::{string::String, vec::Vec},
};

/// ASCII text for people to read before they sign it: a title, then one fact per line. The same facts always give the
/// same text, and different facts different text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Vec<u8>);

impl Text {
    /// Begins with a title, which says what is signed and nothing else is signed under.
    pub fn new(title: &str) -> Self {
        Self(title.into())
    }

    /// Adds a line such as `from 0x0a1b`.
    pub fn hex(&mut self, label: &str, bytes: &[u8]) {
        self.line(label);
        self.0.extend(b"0x");
        for byte in bytes {
            self.digit(byte >> 4);
            self.digit(byte & 15);
        }
    }

    /// Adds a line such as `nonce 12`.
    pub fn number(&mut self, label: &str, number: u128) {
        self.line(label);
        self.decimal(&mut number.to_be_bytes());
    }

    /// What is signed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn line(&mut self, label: &str) {
        self.0.push(b'\n');
        self.0.extend(label.as_bytes());
        self.0.push(b' ');
    }

    /// In base 256, for the division of a `u128` is a kilobyte of code.
    fn decimal(&mut self, number: &mut [u8]) {
        let (mut more, mut rest) = (false, 0_u16);
        for byte in &mut *number {
            let part = (rest << 8) | u16::from(*byte);
            [_, *byte] = (part / 10).to_be_bytes();
            more |= *byte != 0;
            rest = part % 10;
        }
        if more {
            self.decimal(number);
        }
        let [_, digit] = rest.to_be_bytes();
        self.digit(digit);
    }

    fn digit(&mut self, digit: u8) {
        let first = if digit < 10 { b'0' } else { b'a'.wrapping_sub(10) };
        self.0.push(first.wrapping_add(digit));
    }
}

impl From<Text> for String {
    fn from(Text(bytes): Text) -> Self {
        bytes.into_iter().map(char::from).collect()
    }
}

/// A signature by a wallet's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Signature {
    /// By a key that is the account itself.
    Sr25519([u8; 64]),
    /// Over the message's BLAKE2b-256, by a key of whose compressed form the account is the BLAKE2b-256.
    Ecdsa([u8; 65]),
}

/// Whether `signer` signed the message, as it is or, as wallets do it, between `<Bytes>` and `</Bytes>`.
pub fn verify(signature: &Signature, message: &[u8], signer: &AccountId) -> bool {
    signed(signature, message, signer) || signed(signature, &[b"<Bytes>", message, b"</Bytes>"].concat(), signer)
}

fn signed(signature: &Signature, message: &[u8], signer: &AccountId) -> bool {
    match signature {
        // ink!'s docs call it unstable; pallet-contracts has it among its stable functions.
        Signature::Sr25519(signature) => ink::env::sr25519_verify(signature, message, signer.as_ref()).is_ok(),
        Signature::Ecdsa(signature) => {
            let mut key = [0; 33];
            ink::env::ecdsa_recover(signature, &blake2(message), &mut key).is_ok()
                && blake2(&key) == *AsRef::<[u8; 32]>::as_ref(signer)
        }
    }
}

fn blake2(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    ink::env::hash_bytes::<Blake2x256>(bytes, &mut hash);
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_line_for_every_fact() {
        let mut text = Text::new("Gaia test");
        text.hex("of", &[0x0a, 0xf0]);
        text.hex("nothing", &[]);
        for number in [0, 9, 10, 1_700_000_000_000, u128::MAX] {
            text.number("is", number);
        }
        let expected = "Gaia test\nof 0x0af0\nnothing 0x\nis 0\nis 9\nis 10\nis 1700000000000\n\
            is 340282366920938463463374607431768211455";
        assert_eq!(String::from(text), expected);
    }

    #[test]
    fn only_the_signers_signature_of_the_message_is_one() {
        // Substrate's development key Alice, as subkey signed with it.
        let signer = AccountId::from([
            212, 53, 147, 199, 21, 253, 211, 28, 97, 20, 26, 189, 4, 169, 159, 214, 130, 44, 133, 88, 133, 76, 205,
            227, 154, 86, 132, 231, 165, 109, 162, 125,
        ]);
        let signature = Signature::Sr25519([
            184, 49, 74, 238, 78, 165, 102, 252, 22, 92, 156, 176, 124, 118, 168, 116, 247, 99, 0, 94, 2, 45, 9, 170,
            73, 222, 182, 74, 60, 32, 75, 64, 98, 174, 69, 55, 83, 85, 180, 98, 208, 75, 231, 57, 205, 62, 4, 105, 26,
            136, 172, 17, 123, 99, 90, 255, 228, 54, 115, 63, 30, 207, 205, 131,
        ]);
        assert!(verify(&signature, b"hello world", &signer));
        assert!(!verify(&signature, b"hello worlds", &signer));
        assert!(!verify(&signature, b"hello world", &AccountId::from([7; 32])));
        assert!(!verify(&Signature::Sr25519([0; 64]), b"hello world", &signer));
        assert!(!verify(&Signature::Ecdsa([0; 65]), b"hello world", &signer));
    }
}
