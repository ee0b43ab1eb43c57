package org.powersync.jakarta.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The codes are those of the sync API (section 8), with their statuses, and are all in use. */
class ErrorCodeTest {
  /** As specified: the code, and the status where one reaches a client. */
  private static final String TABLE =
      """
      R0001 422
      R2201 -
      S0001 500
      S0102 -
      S1002 -
      S1003 -
      S1004 -
      S1005 500
      S1101 500
      S1103 -
      S1104 -
      S1105 -
      S1106 -
      S1107 -
      S1108 -
      S1109 -
      S1110 -
      S1120 500
      S1121 500
      S1141 -
      S1142 -
      S1143 -
      S1144 -
      S1145 -
      S1146 -
      S2001 500
      S2002 404
      S2003 503
      S2004 415
      S2101 401
      S2102 401
      S2103 401
      S2104 401
      S2105 401
      S2106 401
      S2201 401
      S2202 -
      S2203 -
      S2204 401
      S2302 500
      S2304 429
      S2305 500
      S3102 -
      S3103 -
      S4001 500
      S4104 422
      S4105 422
      S4106 409
      """;

  /**
   * Never raised: PostgreSQL as source supports every wildcard, and a signature that does not
   * verify is reported as S2101, which some clients rely on (9.3).
   */
  private static final Set<String> RESERVED = Set.of("PSYNC_R2201", "PSYNC_S2102");

  /** Raised by the routes and the socket only, which are another module. */
  private static final Set<String> OF_ROUTES = Set.of("PSYNC_S2002", "PSYNC_S2004", "PSYNC_S2304");

  @Test
  void theCodesAreThoseOfTheSpecification() {
    Map<String, String> expected = new LinkedHashMap<>();
    TABLE.lines().map(line -> line.split(" ")).forEach(e -> expected.put("PSYNC_" + e[0], e[1]));
    Map<String, String> codes = new LinkedHashMap<>();
    for (ErrorCode code : ErrorCode.values()) {
      boolean free = "-".equals(expected.get(code.name()));
      codes.put(code.name(), free ? "-" : Integer.toString(code.httpStatus()));
    }
    assertThat(codes).isEqualTo(expected);
  }

  @Test
  void everyCodeIsInUse() {
    JavaClasses product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.powersync.jakarta");
    Set<String> unused =
        Arrays.stream(ErrorCode.values())
            .map(Enum::name)
            .filter(
                name ->
                    product.get(ErrorCode.class).getField(name).getAccessesToSelf().stream()
                        .allMatch(
                            access -> access.getOriginOwner().isEquivalentTo(ErrorCode.class)))
            .collect(Collectors.toSet());
    assertThat(unused).containsAll(RESERVED);
    unused.removeAll(RESERVED);
    assertThat(OF_ROUTES).containsAll(unused);
  }
}
