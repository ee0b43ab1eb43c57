package org.powersync.jakarta.syncconfig.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Walks over the tokens of one text and says what is wrong with them. */
final class TokenCursor {
  private final List<Token> tokens;
  private final Span whole;
  private int at;

  TokenCursor(String sql) {
    this.tokens = Lexer.tokens(sql);
    this.whole = new Span(0, sql.length());
  }

  Token peek() {
    return tokens.get(at);
  }

  /** A token further on, or the last one. */
  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  /** Steps over a token; the last one stays. */
  Token take() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  /** The token taken last. */
  Token previous() {
    return tokens.get(at - 1);
  }

  boolean atWord(String word) {
    return peek().isWord(word);
  }

  boolean atSymbol(String symbol) {
    return peek().isSymbol(symbol);
  }

  boolean takeWord(String word) {
    boolean there = atWord(word);
    if (there) {
      at++;
    }
    return there;
  }

  boolean takeSymbol(String symbol) {
    boolean there = atSymbol(symbol);
    if (there) {
      at++;
    }
    return there;
  }

  Token expectWord(String word) throws SqlSyntaxException {
    if (!atWord(word)) {
      throw unexpected();
    }
    return take();
  }

  Token expectSymbol(String symbol) throws SqlSyntaxException {
    if (!atSymbol(symbol)) {
      throw unexpected();
    }
    return take();
  }

  Identifier expectName() throws SqlSyntaxException {
    if (!peek().isName()) {
      throw unexpected();
    }
    return identifier(take());
  }

  /** {@code [AS] name}. */
  Optional<Identifier> alias() throws SqlSyntaxException {
    return takeWord("as") || peek().isName() ? Optional.of(expectName()) : Optional.empty();
  }

  /** {@code (name, ...)}, or nothing. */
  List<Identifier> namesInParentheses() throws SqlSyntaxException {
    List<Identifier> names = new ArrayList<>();
    if (takeSymbol("(")) {
      do {
        names.add(expectName());
      } while (takeSymbol(","));
      expectSymbol(")");
    }
    return names;
  }

  static Identifier identifier(Token token) {
    Identifier.Writing writing =
        token.kind() == Token.Kind.QUOTED_NAME
            ? Identifier.Writing.QUOTED
            : token.folded() ? Identifier.Writing.FOLDED : Identifier.Writing.PLAIN;
    return new Identifier(token.text(), writing, token.span());
  }

  /** The error of a token that fits nothing. */
  SqlSyntaxException unexpected() {
    Token token = peek();
    return switch (token.kind()) {
      case END -> new SqlSyntaxException("The SQL ends too early", whole);
      case INVALID -> new SqlSyntaxException(token.text(), token.span());
      case RESERVED ->
          new SqlSyntaxException(
              "Unexpected word "
                  + token.text().toUpperCase(Locale.ROOT)
                  + "; as a name it needs double quotes",
              token.span());
      case INTEGER, REAL ->
          new SqlSyntaxException(
              token.text().startsWith("-")
                  ? "A minus needs a space behind it: " + token.text() + " is a negative number"
                  : "Unexpected number " + token.text(),
              token.span());
      case SYMBOL ->
          new SqlSyntaxException(
              token.text().equals("=") && at > 0 && previous().isSymbol("=")
                  ? "Write = instead of =="
                  : "Unexpected " + token.text(),
              token.span());
      case WORD, QUOTED_NAME ->
          new SqlSyntaxException("Unexpected name " + token.text(), token.span());
      case TEXT -> new SqlSyntaxException("Unexpected text", token.span());
      case PARAMETER ->
          new SqlSyntaxException("Unexpected parameter $" + token.text(), token.span());
    };
  }

  SqlSyntaxException wholeText(String reason) {
    return new SqlSyntaxException(reason, whole);
  }
}
