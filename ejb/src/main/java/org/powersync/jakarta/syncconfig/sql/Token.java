package org.powersync.jakarta.syncconfig.sql;

/**
 * One lexical unit.
 *
 * @param text of a word: lower case; of a quoted name or a text: the content; else as written
 * @param folded whether lower case differs from what was written
 */
record Token(Kind kind, String text, int start, int end, boolean folded) {
  enum Kind {
    /** An unquoted name, or a word that is a keyword only in its place. */
    WORD,
    /** A reserved word. */
    RESERVED,
    QUOTED_NAME,
    TEXT,
    INTEGER,
    REAL,
    PARAMETER,
    SYMBOL,
    /** Nothing the dialect knows; the text says why. Always the last token. */
    INVALID,
    END
  }

  Span span() {
    return new Span(start, end);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
  }

  /** Whether it is this word, reserved or not, without quotes. */
  boolean isWord(String lowerCase) {
    return (kind == Kind.WORD || kind == Kind.RESERVED) && text.equals(lowerCase);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }
}
