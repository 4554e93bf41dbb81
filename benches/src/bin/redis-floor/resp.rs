//! As much of Redis' protocol as the floor speaks.

use std::{
    error::Error,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What a server says.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A status or a number, whichever it was.
    Short,
    Nothing,
    Bytes(Vec<u8>),
    List(Vec<Reply>),
}

impl Reply {
    pub(crate) fn bytes(self) -> Option<Vec<u8>> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(crate) fn list(self) -> Option<Vec<Reply>> {
        if let Self::List(list) = self { Some(list) } else { None }
    }
}

/// A connection, and the commands that leave in its next write.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    waiting: Vec<u8>,
    commands: usize,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let writer = TcpStream::connect(address)?;
        writer.set_nodelay(true)?;
        Ok(Self { reader: BufReader::new(writer.try_clone()?), writer, waiting: Vec::new(), commands: 0 })
    }

    /// Puts a command beside those that leave next.
    pub(crate) fn push(&mut self, words: &[&[u8]]) {
        self.waiting.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
        for word in words {
            self.waiting.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
            self.waiting.extend_from_slice(word);
            self.waiting.extend_from_slice(b"\r\n");
        }
        self.commands += 1;
    }

    /// Writes what waits, and reads an answer to each.
    pub(crate) fn ask(&mut self) -> Result<Vec<Reply>> {
        self.writer.write_all(&self.waiting)?;
        self.waiting.clear();
        (0..std::mem::take(&mut self.commands)).map(|_| self.read()).collect()
    }

    /// Reads what comes next; what the server calls an error is one.
    pub(crate) fn read(&mut self) -> Result<Reply> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err("Redis is gone".into());
        }
        let line = line.trim_end();
        let (kind, rest) = line.split_at_checked(1).ok_or("Redis says nothing")?;
        let length = || rest.parse::<i64>().map_err(|_| format!("Redis says `{line}`"));
        match kind {
            "+" | ":" => Ok(Reply::Short),
            "$" | "*" if length()? < 0 => Ok(Reply::Nothing),
            "$" => {
                let mut bytes = vec![0; length()? as usize + 2];
                self.reader.read_exact(&mut bytes)?;
                bytes.truncate(bytes.len() - 2);
                Ok(Reply::Bytes(bytes))
            }
            "*" => Ok(Reply::List((0..length()?).map(|_| self.read()).collect::<Result<_>>()?)),
            _ => Err(format!("Redis says `{line}`").into()),
        }
    }
}
