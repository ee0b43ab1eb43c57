package org.powersync.jakarta.syncconfig.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts SQL into tokens (sync config 4.1). What is no token becomes a last token of kind {@code
 * INVALID}, so that a grammatical error further left is the one reported.
 */
final class Lexer {
  /** Longest first where one begins with another. */
  private static final String[] SYMBOLS = {
    "->>", "->", "<>", "<=", ">=", "<<", ">>", "!=", "||", "&&", "::", "<", ">", "=", "|", "&", "+",
    "-", "*", "/", "%", "^", "(", ")", "[", "]", ",", ".", ";"
  };

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String sql) {
    this.sql = sql;
  }

  /** All tokens; the last one is {@code END} or {@code INVALID}. */
  static List<Token> tokens(String sql) {
    Lexer lexer = new Lexer(sql);
    Token token;
    do {
      token = lexer.next();
      lexer.tokens.add(token);
    } while (token.kind() != Token.Kind.END && token.kind() != Token.Kind.INVALID);
    return lexer.tokens;
  }

  private Token next() {
    int commentStart = skipBlanksAndComments();
    if (commentStart >= 0) {
      return invalid("The comment is not closed with */", commentStart, sql.length());
    }
    if (at == sql.length()) {
      return new Token(Token.Kind.END, "", at, at, false);
    }
    char c = sql.charAt(at);
    if (isLetter(c)) {
      return isEscapeText() ? escapeText() : word();
    }
    if (isDigit(c) || startsSignedOrPointNumber()) {
      return number();
    }
    return switch (c) {
      case '\'' -> text();
      case '"' -> quotedName();
      case '$' -> parameter();
      default -> symbol();
    };
  }

  /** Returns where a comment starts that is never closed, or -1. */
  private int skipBlanksAndComments() {
    while (at < sql.length()) {
      if (isBlank(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
          at++;
        }
      } else if (sql.startsWith("/*", at)) {
        int start = at;
        if (!skipNestedComment()) {
          return start;
        }
      } else {
        return -1;
      }
    }
    return -1;
  }

  private boolean skipNestedComment() {
    int depth = 0;
    while (at < sql.length()) {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return true;
        }
      } else {
        at++;
      }
    }
    return false;
  }

  private Token word() {
    int start = at;
    while (at < sql.length() && (isLetter(sql.charAt(at)) || isDigit(sql.charAt(at)))) {
      at++;
    }
    String written = sql.substring(start, at);
    String lower = written.toLowerCase(Locale.ROOT);
    Token.Kind kind = ReservedWords.contains(lower) ? Token.Kind.RESERVED : Token.Kind.WORD;
    return new Token(kind, lower, start, at, !lower.equals(written));
  }

  private boolean startsSignedOrPointNumber() {
    int i = at;
    if (sql.charAt(i) == '-') {
      i++;
    }
    if (i < sql.length() && sql.charAt(i) == '.') {
      i++;
    }
    return i > at && i < sql.length() && isDigit(sql.charAt(i));
  }

  private Token number() {
    int start = at;
    if (sql.charAt(at) == '-') {
      at++;
    }
    skipDigits();
    boolean point = at < sql.length() && sql.charAt(at) == '.';
    if (point) {
      at++;
      skipDigits();
    }
    Token.Kind kind = point ? Token.Kind.REAL : Token.Kind.INTEGER;
    return new Token(kind, sql.substring(start, at), start, at, false);
  }

  private void skipDigits() {
    while (at < sql.length() && isDigit(sql.charAt(at))) {
      at++;
    }
  }

  private Token text() {
    int start = at++;
    StringBuilder content = new StringBuilder();
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c != '\'') {
        content.append(c);
      } else if (at < sql.length() && sql.charAt(at) == '\'') {
        content.append('\'');
        at++;
      } else {
        return new Token(Token.Kind.TEXT, content.toString(), start, at, false);
      }
    }
    return invalid("The text is not closed with '", start, sql.length());
  }

  /** An empty {@code E''} is the name E and an empty text. */
  private boolean isEscapeText() {
    char c = sql.charAt(at);
    return (c == 'e' || c == 'E') && sql.startsWith("'", at + 1) && !sql.startsWith("''", at + 1);
  }

  private Token escapeText() {
    int start = at;
    at += 2;
    StringBuilder content = new StringBuilder();
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\') {
        int escaped = at < sql.length() ? escape(sql.charAt(at++)) : -1;
        if (escaped < 0) {
          return invalid(
              "E'...' knows only the escapes \\n \\t \\r \\b \\f \\\\ \\/ \\\"", start, at);
        }
        content.append((char) escaped);
      } else if (c != '\'') {
        content.append(c);
      } else if (at < sql.length() && sql.charAt(at) == '\'') {
        content.append('\'');
        at++;
      } else {
        return new Token(Token.Kind.TEXT, content.toString(), start, at, false);
      }
    }
    return invalid("The text is not closed with '", start, sql.length());
  }

  private static int escape(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '\\', '/', '"' -> c;
      default -> -1;
    };
  }

  /** A doubled quote inside stays doubled in the name. */
  private Token quotedName() {
    int start = at++;
    while (at < sql.length()) {
      if (sql.charAt(at) != '"') {
        at++;
      } else if (sql.startsWith("\"\"", at)) {
        at += 2;
      } else {
        String name = sql.substring(start + 1, at++);
        if (name.isEmpty() || name.indexOf('*') >= 0) {
          return invalid("A quoted name must not be empty or contain *", start, at);
        }
        return new Token(Token.Kind.QUOTED_NAME, name, start, at, false);
      }
    }
    return invalid("The name is not closed with \"", start, sql.length());
  }

  private Token parameter() {
    int start = at++;
    skipDigits();
    if (at == start + 1) {
      return invalid("Unexpected character '$'", start, at);
    }
    return new Token(Token.Kind.PARAMETER, sql.substring(start + 1, at), start, at, false);
  }

  private Token symbol() {
    for (String symbol : SYMBOLS) {
      if (sql.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Token.Kind.SYMBOL, symbol, at - symbol.length(), at, false);
      }
    }
    int end = at + Character.charCount(sql.codePointAt(at));
    return invalid(
        "Unexpected character '" + sql.substring(at, end) + "'; names with it need double quotes",
        at,
        end);
  }

  private static Token invalid(String reason, int start, int end) {
    return new Token(Token.Kind.INVALID, reason, start, end, false);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || c == '\u00a0' || c == '\ufeff';
  }
}
