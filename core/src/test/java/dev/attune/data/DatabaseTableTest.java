package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A database whose schemas are catalogs, as the drivers of MySQL and MariaDB show theirs. */
class DatabaseTableTest {
    private static final List<TableWriter.Column> TEXT = List.of(new TableWriter.Column("text", TableWriter.Kind.TEXT));

    /** {@code prediction} is in {@code shop}; the connection is to {@code current}. */
    private static Connection mysql(String current, Connection rows) {
        DatabaseMetaData metadata = proxy(DatabaseMetaData.class, (name, arguments) -> switch (name) {
            case "getURL" -> "jdbc:mysql://host/" + current;
            case "getIdentifierQuoteString" -> "`";
            case "getSearchStringEscape" -> "\\";
            case "supportsSchemasInDataManipulation" -> false;
            case "getTables" ->
                rows.createStatement()
                        .executeQuery("SELECT 'shop' AS TABLE_CAT, NULL AS TABLE_SCHEM, 'prediction' AS TABLE_NAME,"
                                + " 'TABLE' AS TABLE_TYPE WHERE " + "shop".equals(arguments[0]));
            case "getColumns" ->
                rows.createStatement()
                        .executeQuery("SELECT 'text' AS COLUMN_NAME, " + Types.VARCHAR + " AS DATA_TYPE WHERE "
                                + ("shop".equals(arguments[0]) && arguments[1] == null));
            default -> throw new UnsupportedOperationException(name);
        });
        return proxy(
                Connection.class,
                (name, arguments) ->
                        name.equals("getMetaData") ? metadata : name.equals("getCatalog") ? current : null);
    }

    private interface Answer {
        Object to(String method, Object[] arguments) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    @Test
    void aSchemaMayBeACatalog() throws SQLException {
        try (Connection rows = DriverManager.getConnection("jdbc:duckdb:")) {
            for (String current : List.of("shop", "other")) {
                DatabaseTable table = DatabaseTable.find(mysql(current, rows), "shop.prediction", TEXT);
                assertThat(table.insert()).isEqualTo("INSERT INTO `shop`.`prediction` (`text`) VALUES (?)");
            }
            assertThat(DatabaseTable.find(mysql("shop", rows), "prediction", TEXT)
                            .insert())
                    .isEqualTo("INSERT INTO `prediction` (`text`) VALUES (?)");
            assertThatThrownBy(() -> DatabaseTable.find(mysql("shop", rows), "other.prediction", TEXT))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("There is no table other.prediction");
        }
    }
}
